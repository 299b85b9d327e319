"""What labctl costs beside Docker Compose and the bare Engine: measured in one run, told as ratios.

    __main__ -> turns -> contenders (who is timed), costs (memory, CPU), engine_times, sweeping
             -> results (figures to data) -> report (a table), picture (an SVG)

What a contender has to do is in `contenders`, what is told of how a figure came about in `results`.
"""
