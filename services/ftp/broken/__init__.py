"""FTP servers with one mistake each: every one must fail a check, and each is a bug to find."""
