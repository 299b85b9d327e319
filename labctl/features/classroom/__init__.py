"""A class: the same verb in many labs, which of them are meant, and one labctl at a time in each.

`selection` finds the labs that a pattern names, `parallel_labs` works in several in parallel, `lab_lock`
keeps a second labctl out of a lab while a first one changes it, `host_folder` prepares learners' folders.
"""
