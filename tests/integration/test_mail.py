"""Mail in by SMTP, the same mail out by POP3; refusals as the client library reports them."""

from tests.integration.labs import RunningLab

IN_AND_OUT = """
import poplib, random, smtplib, sys
count = int(sys.argv[1])
rng = random.Random(5321)
sent = []
with smtplib.SMTP("smtp", 25, timeout=20) as smtp:
    for number in range(count):
        lines = [b"Subject: mail %d" % number, b""]
        for _ in range(rng.randint(0, 20)):
            text = bytes(rng.choices(range(32, 127), k=70))
            lines.append(rng.choice([b".", b"..", b"", b".dot", text, "\u00fcml\u00e4ut".encode()]))
        message = b"\\r\\n".join(lines) + b"\\r\\n"
        sent.append(message)
        assert smtp.sendmail("me@lab.test", ["bulk@lab.test"], message, ["BODY=8BITMIME"]) == {}
pop = poplib.POP3("pop3", 110, timeout=20)
pop.user("bulk")
pop.pass_("lab")
before = pop.stat()[0]
got = [b"\\r\\n".join(pop.retr(number + 1)[1]) + b"\\r\\n" for number in range(before)]
for number in range(before):
    pop.dele(number + 1)
pop.quit()
print(before, got == sent)
"""

DELETIONS = """
import poplib, smtplib
def login():
    pop = poplib.POP3("pop3", 110, timeout=10)
    pop.user("keeper")
    pop.pass_("lab")
    return pop
with smtplib.SMTP("smtp", 25, timeout=10) as smtp:
    smtp.sendmail("me@lab.test", "keeper@lab.test", b"Subject: kept\\r\\n\\r\\nhello\\r\\n")
pop = login()
pop.dele(1)
pop.close()
import time
for _ in range(100):
    try:
        pop = login()
        break
    except poplib.error_proto:
        time.sleep(0.05)
print(pop.stat()[0])
pop.dele(1)
pop.quit()
print(login().stat()[0])
"""

REFUSALS = """
import smtplib
smtp = smtplib.SMTP("smtp", 25, timeout=10)
to = ["ana@lab.test", "refuse-me@lab.test", "defer-me@lab.test"]
refused = smtp.sendmail("me@lab.test", to, "Subject: x\\n\\nx")
print(sorted((who, code) for who, (code, text) in refused.items()))
try:
    smtp.sendmail("me@lab.test", ["refuse1@lab.test", "refuse2@lab.test"], "Subject: x\\n\\nx")
except smtplib.SMTPRecipientsRefused as error:
    print(len(error.recipients))
try:
    smtp.sendmail("me@lab.test", ["someone@elsewhere.example"], "Subject: x\\n\\nx")
except smtplib.SMTPRecipientsRefused as error:
    print("not relayed", [code for code, text in error.recipients.values()])
"""


def test_500_mails_come_out_as_they_went_in(lab: RunningLab) -> None:
    finished = lab.python(IN_AND_OUT, "500", timeout_s=180)
    assert finished.stdout.split() == ["500", "True"], finished.stdout + finished.stderr


def test_deletions_happen_only_at_quit(lab: RunningLab) -> None:
    finished = lab.python(DELETIONS)
    assert finished.stdout.split() == ["1", "0"], finished.stderr


def test_refusals_come_back_as_the_client_librarys_dictionary(lab: RunningLab) -> None:
    finished = lab.python(REFUSALS)
    lines = finished.stdout.splitlines()
    assert lines[0] == "[('defer-me@lab.test', 451), ('refuse-me@lab.test', 550)]", finished.stderr
    assert lines[1] == "2"
    assert lines[2].startswith("not relayed [55")


def test_swaks_delivers_and_curl_fetches(lab: RunningLab) -> None:
    sent = lab.shell(
        "swaks --silent 2 --server smtp --to swaks@lab.test --from me@lab.test --body 'by swaks'"
    )
    assert sent.returncode == 0, sent.stdout + sent.stderr
    fetched = lab.run("curl", "-sS", "--user", "swaks:lab", "pop3://pop3/1")
    assert "by swaks" in fetched.stdout, fetched.stderr


def test_more_than_10_mebibytes_are_refused(lab: RunningLab) -> None:
    big = "head -c 11000000 /dev/zero | tr '\\0' 'x' | fold -w 70"
    finished = lab.shell(
        f"(printf 'Subject: big\\n\\n'; {big}) > /tmp/big; "
        "curl -sS --mail-from me@lab.test --mail-rcpt big@lab.test -T /tmp/big smtp://smtp; rm /tmp/big"
    )
    assert "552" in finished.stderr, finished.stderr


def test_the_servers_log_names_no_password(lab: RunningLab) -> None:
    lab.run("curl", "-sS", "--user", "who:a-wrong-secret", "pop3://pop3/")
    assert "a-wrong-secret" not in lab.container("mail").logs().decode()
