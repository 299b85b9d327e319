"""labctl: brings network-programming labs up, checks them from inside, and resets them.

The floors, each importing only from those before it:

0. `errors`, `model`, `labels`, `settings`: what a lab is; `cancellation`: what Ctrl-C ends; `escaping`: text
   from containers and files, made safe for a terminal; `replacing`: the files that users
   ask for. Standard library only, no Docker.
1. `composefile` (text to model, the only importer of `yaml`), `engine` (what we ask of a Docker
   Engine, as a Protocol), `waiting` (the only sleep).
2. `docker_engine` (the only importer of `docker`), `roster` (a class, from YAML or CSV).
3. `features`: one room for each thing labctl does, given an Engine and never building one.
4. `cli`: words in, tables out; the only `print` and the only exit.
"""
