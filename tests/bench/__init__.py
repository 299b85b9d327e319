"""What labctl costs beside Docker Compose and the bare Engine: measured in one run, told as ratios.

    __main__ -> turns -> contenders (who is timed) -> labs (names, subnets), commands (whole processes)
                      -> costs (memory, CPU), engine_times (lab by lab), sweeping
             -> results (figures as data) -> report (a table), picture (an SVG; its words: wording)

What a contender has to do is in `contenders`, what is told of how a figure came about in `results`.
"""
