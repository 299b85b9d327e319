"""A class: the same verb in many labs, which of them are meant, and one labctl at a time in each.

`selection` tells which labs a pattern names, `across` works in several side by side, `holding` keeps
a second labctl out of a lab while a first one changes it, `workplace` prepares learners' folders.
"""
