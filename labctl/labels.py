"""The labels on what labctl makes: Compose's own, so that Compose sees the same lab.

Labels are the database: which containers, networks and volumes belong to a lab, and from which
definition they were made, is asked of the Engine and stands in no file of ours.
"""

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
CONTAINER_NUMBER = "com.docker.compose.container-number"
ONEOFF = "com.docker.compose.oneoff"
CONFIG_HASH = "com.docker.compose.config-hash"
CONFIG_FILES = "com.docker.compose.project.config_files"
WORKING_DIR = "com.docker.compose.project.working_dir"
NETWORK = "com.docker.compose.network"
VOLUME = "com.docker.compose.volume"

LAB = "org.labctl.lab"  # on what labctl itself made: the lab's name
COURSE = "org.labctl.course"  # beside it: whose file it was made from; earlier versions did not say
SETTINGS = "org.labctl.settings"  # on network and toolbox: what this lab has otherwise than the file
HOME = "org.labctl.home"  # on a volume that holds nothing: which folder of the host is a lab's home
INPUTS = "org.labctl.inputs"  # on an image: the hash of what it was built from
RECIPE = "org.labctl.recipe"  # on an image: from which folder and how it was built, as JSON
REFERENCE = "org.labctl.reference"  # on a container made to compare another with, and on its volumes
FIREWALL = "org.labctl.firewall"  # on a container that sets the firewall's rules and belongs to no lab
