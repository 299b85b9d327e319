"""What a hostile student runs in a lab: programs, as text, for the toolbox's Python.

Each is bounded in count and time, whatever becomes of it: it ends by itself after some seconds. Each prints
one line of JSON, the evidence that it has hit something, and then goes on with its mischief.
"""

LASTS_S = 15

_BEGIN = f"""
import errno, json, os, signal, socket, time
END = time.monotonic() + {LASTS_S}
signal.alarm({LASTS_S} + 5)  # whatever hangs

def progress(**evidence):
    print(json.dumps(evidence), flush=True)

def hold():
    while time.monotonic() < END:
        time.sleep(0.1)

def child(work):
    pid = os.fork()
    if pid == 0:
        signal.alarm({LASTS_S})  # a child does not inherit the parent's
        open("/proc/self/oom_score_adj", "w").write("1000")  # the kernel takes it first, not the parent
        try:
            work()
        finally:
            os._exit(0)
    return pid
"""

FORK_BOMB = (
    _BEGIN
    + """
reader, writer = os.pipe()
def bomb():
    while time.monotonic() < END:
        try:
            if os.fork() == 0:
                signal.alarm(15)
        except OSError as error:
            os.write(writer, errno.errorcode[error.errno].encode() + b" ")
            time.sleep(0.01)
child(bomb)
said = os.read(reader, 100)
progress(refused=said.split()[0].decode())
hold()
"""
)

MEMORY_HOG = (
    _BEGIN
    + """
def eat():
    mine = []
    while time.monotonic() < END:
        mine.append(bytearray(os.urandom(1 << 16)) * 128)
while time.monotonic() < END:
    _, status = os.waitpid(child(eat), 0)
    if END:
        progress(killed_by=os.WTERMSIG(status))
"""
)

MEMORY_FILES = (
    _BEGIN
    + """
def fill(folder):
    written = 0
    with open(f"{folder}/filler", "wb", buffering=0) as file:
        try:
            while written < 1 << 30:
                written += file.write(bytes(1 << 20))
        except OSError as error:
            return errno.errorcode[error.errno], written
progress(**{folder: fill(folder) for folder in ("/tmp", "/dev/shm", "/run/lab")})
hold()
"""
)

MANY_INODES = (
    _BEGIN
    + """
def create(folder):
    try:
        for number in range(500_000):
            os.close(os.open(f"{folder}/{number}", os.O_CREAT | os.O_WRONLY))
    except OSError as error:
        os._exit(error.errno)
def ending(folder):
    _, status = os.waitpid(child(lambda: create(folder)), 0)
    return errno.errorcode.get(os.WEXITSTATUS(status)) if os.WIFEXITED(status) else os.WTERMSIG(status)
progress(**{folder: ending(folder) for folder in ("/tmp", "/run/lab", "/dev/shm")})
hold()
"""
)

# Shared memory and messages of System V stay when their process has ended.
SYSTEM_V = (
    _BEGIN
    + """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
def ending(step):
    for number in range(1000):
        if step() < 0:
            return errno.errorcode[ctypes.get_errno()], number
    return None, number
def take_memory():
    segment = libc.shmget(0, 1 << 20, 0o1600)
    if segment >= 0:
        ctypes.memset(libc.shmat(segment, None, 0), 1, 1 << 20)
    return segment
def take_messages():
    queue, size = libc.msgget(0, 0o1600), 1 << 13
    message = ctypes.create_string_buffer(bytes([1, *bytes(7), *bytes(size)]))
    while queue >= 0 and libc.msgsnd(queue, message, size, 0o4000) == 0:
        pass
    return queue
progress(memory=ending(take_memory), messages=ending(take_messages))
hold()
"""
)

# The home is kept on the host's disk: this leaves nothing behind, and takes no more than it must.
HOME_FILLER = (
    _BEGIN
    + """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = os.path.expanduser("~/filler")
size, refused = 1 << 20, None
try:
    with open(path, "wb") as file:
        while refused is None and size < 1 << 34:
            try:
                os.truncate(file.fileno(), size)  # a hole: nothing of it is on the disk
                size *= 2
            except OSError as error:
                refused = errno.errorcode[error.errno]
finally:
    os.remove(path)
progress(refused=refused, size=size)
"""
)

LOG_FLOOD = (
    _BEGIN
    + """
line = (b"x" * 1023 + b"\\n") * 64
written = 0
with open("/proc/1/fd/1", "wb", buffering=0) as log:  # what PID 1 prints is the container's log
    while time.monotonic() < END and written < 1 << 30:
        written += log.write(line)
        if 1 << 22 <= written < (1 << 22) + len(line):
            progress(written=written)
"""
)

DESCRIPTOR_HOG = (
    _BEGIN
    + """
reader, writer = os.pipe()
def hog():
    held = []
    try:
        while len(held) < 1_000_000:
            held.append(os.dup(reader))
    except OSError as error:
        os.write(writer, b"%d %s\\n" % (len(held), errno.errorcode[error.errno].encode()))
    hold()
for _ in range(20):
    child(hog)
most, why = os.read(reader, 4096).splitlines()[0].split()
progress(refused=why.decode(), held=int(most))
hold()
"""
)

CONNECTION_FLOOD = (
    _BEGIN
    + """
servers = [("echo", 7), ("upper-tcp", 9999), ("static", 80)]
places = [(socket.gethostbyname(host), port) for host, port in servers]
held = []
for _ in range(400):
    for place in places:
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(place)
        held.append(sock)
progress(tried=len(held))
while time.monotonic() < END:
    for sock in held:
        try:
            sock.send(b"x" * 1024)
        except OSError:
            pass  # refused, full or not yet there
"""
)

# A flow each, for the kernel's table of connections, which all labs and the host share.
FLOWS = 40_000
FLOW_FLOOD = (
    _BEGIN
    + f"""
place = socket.gethostbyname("echo")
sock = socket.socket(type=socket.SOCK_DGRAM)
for port in range(10_000, 10_000 + {FLOWS}):
    try:
        sock.sendto(b"x", (place, port))
    except OSError:
        pass  # an error that an earlier one came back with
progress(sent={FLOWS})
hold()
"""
)

CPU_HOG = (
    _BEGIN
    + """
def spin():
    while time.monotonic() < END:
        pass
began = time.monotonic()
def spin_a_while():
    while time.monotonic() < began + 2:
        pass
before = [child(spin_a_while) for _ in range(60)]
for pid in before:
    os.waitpid(pid, 0)
used = os.times()
progress(cores=(used.children_user + used.children_system) / (time.monotonic() - began))
for _ in range(100):
    child(spin)
hold()
"""
)
