"""The learner's work: kept in snapshots, brought back from them, never lost.

`home` knows which volume it is and reaches into it, `contents` reads what is in it, `snapshot` is
the file a snapshot is, `store` the folder they are kept in, `exclusive_access` ends the containers that use
a home; `save`, `restore`, `export` and `discard` are what can be done. Nothing is emptied here before what
was there is on the disk as a snapshot.
"""
