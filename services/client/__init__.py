"""The client toolbox: its programs and its probe."""
