"""librdkafka by confluent-kafka: what it sees, a line each.

    python3 scenario.py SERVERS NAME
"""

import sys
import threading
import time

from confluent_kafka import (
    TIMESTAMP_CREATE_TIME,
    Consumer,
    ConsumerGroupTopicPartitions,
    IsolationLevel,
    KafkaException,
    Producer,
    TopicCollection,
    TopicPartition,
    libversion,
)
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

servers, name = sys.argv[1], sys.argv[2]
TIME = 1_700_000_000_000
quiet = {"bootstrap.servers": servers, "log_level": 0}


def topic(of):
    return f"{name}-{of}"


def say(what, answer):
    print(f"{what}: {answer}".replace(name, "NAME").replace(servers, "ADDRESS").replace("\n", "\\n"), flush=True)


def failure(error):
    inner = error.args[0] if error.args else None
    if isinstance(error, KafkaException) and inner is not None:
        return f"{inner.name()} {inner.str()} retriable {inner.retriable()} fatal {inner.fatal()}"
    return f"{type(error).__name__} {error}"


def attempt(what, make):
    try:
        say(what, make())
    except Exception as error:  # what it is, is what is to be seen
        say(what, failure(error))


def results(what, futures, show=lambda result: result):
    for key in sorted(futures, key=str):
        attempt(f"{what} {key}", lambda key=key: show(futures[key].result(timeout=20)))


def consumer(group, **more):
    settings = {"group.id": topic(group), "auto.offset.reset": "earliest", "enable.auto.commit": False, **quiet}
    settings.update({key.replace("_", "."): value for key, value in more.items()})
    return Consumer(settings)


def read_all(of, partition=0, **more):
    """Everything up to the end of the partition."""
    reader = consumer("reader", enable_partition_eof=True, **more)
    reader.assign([TopicPartition(topic(of), partition, 0)])
    seen = []
    while True:
        message = reader.poll(10)
        if message is None:
            raise TimeoutError("no more came")
        if message.error():
            break
        kind, at = message.timestamp()
        seen.append(
            (message.offset(), at if kind == TIMESTAMP_CREATE_TIME else "appended", message.key(), message.value(),
             message.headers(), message.leader_epoch())
        )
    reader.close()
    return seen


def settle(admin):
    """Waits until the broker knows of all that its controller has done: it hears of it in order, and after the answer."""
    # When the second is there, all is done that the first brought along.
    for _ in range(2):
        marker = topic(f"settled-{time.monotonic_ns()}")
        admin.create_topics([NewTopic(marker, 1, 1)])[marker].result()
        while marker not in admin.list_topics(timeout=10).topics:
            time.sleep(0.01)


def topics(admin):
    wanted = [
        NewTopic(topic("py"), 1, 1),
        NewTopic(topic("shared"), 4, 1),
        NewTopic(topic("appended"), 1, 1, config={"message.timestamp.type": "LogAppendTime"}),
        NewTopic(topic("small"), 1, 1, config={"max.message.bytes": "1000"}),
        NewTopic(topic("bad"), 1, 1, config={"retention.ms": "soon"}),
        NewTopic(topic("bad-replicas"), 1, 3),
        NewTopic("bad/name", 1, 1),
    ]
    results("create", admin.create_topics(wanted))
    results("create again", admin.create_topics(wanted[:1]))
    results("would create", admin.create_topics([NewTopic(topic("not"), 3, 1)], validate_only=True))
    settle(admin)
    metadata = admin.list_topics(topic("shared"), timeout=10)
    shared = metadata.topics[topic("shared")]
    say("metadata", [(p.id, p.leader, p.replicas, p.isrs) for p in shared.partitions.values()])
    found = admin.describe_topics(TopicCollection([topic("py"), topic("nothing")]), include_authorized_operations=True)
    results("describe", found, lambda t: (t.name, len(t.partitions), sorted(o.name for o in t.authorized_operations)))
    cluster = admin.describe_cluster(include_authorized_operations=True).result()
    say("cluster", (len(cluster.nodes), cluster.controller.id, sorted(o.name for o in cluster.authorized_operations)))
    results("partitions", admin.create_partitions([NewPartitions(topic("py"), 2)]))
    results("fewer partitions", admin.create_partitions([NewPartitions(topic("py"), 1)]))


def configs(admin):
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic("small"))
    show = lambda found: sorted(
        (e.name, e.value, e.source, e.is_read_only, e.is_default, len(e.synonyms))
        for e in found.values()
        if e.name != "min.insync.replicas"
    )
    results("configs", admin.describe_configs([resource]), show)
    for entry in (
        ConfigEntry("retention.ms", "1000", incremental_operation=AlterConfigOpType.SET),
        ConfigEntry("cleanup.policy", "compact", incremental_operation=AlterConfigOpType.APPEND),
        ConfigEntry("retention.ms", "1000", incremental_operation=AlterConfigOpType.APPEND),
        ConfigEntry("no.such", "1", incremental_operation=AlterConfigOpType.SET),
    ):
        changed = ConfigResource(ConfigResource.Type.TOPIC, topic("small"), incremental_configs=[entry])
        results(f"alter {entry.name} {entry.value}", admin.incremental_alter_configs([changed]))
    settle(admin)
    results("configs then", admin.describe_configs([resource]),
            lambda found: sorted((e.name, e.value) for e in found.values() if not e.is_default and e.name != "min.insync.replicas"))
    nowhere = ConfigResource(ConfigResource.Type.TOPIC, topic("nothing"))
    results("configs of nothing", admin.describe_configs([nowhere]))


def records():
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        producer = Producer({**quiet, "enable.idempotence": True, "compression.type": codec, "linger.ms": 20})
        delivered = []
        note = lambda error, message: delivered.append((error and error.name(), message.offset()))
        for key, value, headers in (
            (f"key {codec}", "väl✓ue", [("a", b"1"), ("a", b"2"), ("none", None)]),
            (None, None, None),
            ("", "", [("", b"")]),
            ("large", codec * 20_000, None),
        ):
            producer.produce(topic("py"), value=value, key=key, headers=headers, partition=0, timestamp=TIME, on_delivery=note)
        producer.flush(20)
        say(f"delivered {codec}", delivered)
    for offset, at, key, value, headers, epoch in read_all("py"):
        short = value if value is None or len(value) < 100 else (len(value), value[:4])
        say("read", (offset, at, key, short, headers, epoch))
    producer = Producer({**quiet, "message.timeout.ms": 5000})
    outcome = []
    note = lambda error, message: outcome.append(error.name() if error else (message.offset(), message.timestamp()[0]))
    producer.produce(topic("small"), value="x" * 5000, on_delivery=note)
    producer.flush(20)
    producer.produce(topic("appended"), value="x", timestamp=TIME, on_delivery=note)
    producer.flush(20)
    say("too large, and appended", outcome)


def transactions():
    def make(of, **more):
        return Producer({**quiet, "transactional.id": topic(of), **more})

    producer = make("tx")
    attempt("begin before init", producer.begin_transaction)
    producer.init_transactions(20)
    for word, end in (("committed", "commit"), ("aborted", "abort"), ("again", "commit")):
        producer.begin_transaction()
        for i in range(3):
            producer.produce(topic("py"), value=f"{word} {i}", partition=1)
        producer.flush(20)
        (producer.commit_transaction if end == "commit" else producer.abort_transaction)(20)
    for isolation in ("read_committed", "read_uncommitted"):
        say(isolation, [(offset, value) for offset, _, _, value, _, _ in read_all("py", 1, isolation_level=isolation)])
    newer = make("tx")
    newer.init_transactions(20)
    producer.begin_transaction()
    producer.produce(topic("py"), value="late", partition=1)
    attempt("fenced", lambda: producer.commit_transaction(20))
    source = consumer("tx-group")
    source.assign([TopicPartition(topic("py"), 0, 0)])
    while source.poll(10) is None:
        pass
    newer.begin_transaction()
    newer.produce(topic("py"), value="with offsets", partition=1)
    newer.send_offsets_to_transaction(source.position(source.assignment()), source.consumer_group_metadata(), 20)
    newer.commit_transaction(20)
    say("committed", [(p.offset, p.error) for p in source.committed([TopicPartition(topic("py"), 0)], 10)])
    source.close()
    attempt("too long", lambda: make("long", **{"transaction.timeout.ms": 3_600_001}).init_transactions(5))


class Member(threading.Thread):
    """A consumer that polls in a thread of its own."""

    def __init__(self, group, **more):
        super().__init__()
        self.has, self.seen, self.ends, self.error = set(), [], False, None
        self.consumer = consumer(group, **more)
        self.consumer.subscribe([topic("shared")])
        self.start()

    def run(self):
        while not self.ends:
            message = self.consumer.poll(0.05)
            self.has = {p.partition for p in self.consumer.assignment()}
            if message is None:
                continue
            if message.error():
                self.error = message.error()
                continue
            self.seen.append(message.value().decode())
            self.consumer.commit(message, asynchronous=True)
        self.consumer.close()

    def end(self):
        self.ends = True
        self.join()


def until(what, done):
    for _ in range(1500):
        if done():
            return
        time.sleep(0.02)
    raise TimeoutError(what)


def fill(prefix):
    producer = Producer(quiet)
    for i in range(20):
        producer.produce(topic("shared"), value=f"{prefix} {i}", partition=i % 4)
    producer.flush(20)


def group(admin, kind, **more):
    one = Member(kind, **more)
    until("all of them", lambda: len(one.has) == 4)
    fill(f"{kind} first")
    until("the first records", lambda: len({v for v in one.seen if v.startswith(f"{kind} first")}) == 20)
    two = Member(kind, **more)
    until("a half each", lambda: len(one.has) == 2 and len(two.has) == 2)
    say(f"{kind}, halves", sorted(map(sorted, (one.has, two.has))))
    fill(f"{kind} second")
    until("the second records", lambda: len({v for v in one.seen + two.seen if v.startswith(f"{kind} second")}) == 20)
    describe(admin, f"{kind}, alive", kind)
    two.end()
    until("all of them again", lambda: len(one.has) == 4)
    one.end()
    describe(admin, f"{kind}, empty", kind)
    say(f"{kind}, seen", len({v for v in one.seen + two.seen if v.startswith(kind)}))
    found = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(topic(kind))])
    results("offsets", found, lambda g: sorted((p.topic, p.partition, p.offset > 0) for p in g.topic_partitions))
    listed = admin.list_consumer_groups().result()
    say("listed", [(g.group_id, g.state.name, g.type.name) for g in listed.valid if g.group_id == topic(kind)])


def describe(admin, what, kind):
    for key, future in admin.describe_consumer_groups([topic(kind)], include_authorized_operations=True).items():
        attempt(what, lambda future=future: shown(future.result()))


def shown(found):
    members = sorted(sorted(p.partition for p in m.assignment.topic_partitions) for m in found.members)
    operations = sorted(o.name for o in found.authorized_operations)
    return found.state.name, found.type.name, found.partition_assignor, found.is_simple_consumer_group, members, operations


def offsets(admin):
    place, other = TopicPartition(topic("py"), 0), TopicPartition(topic("py"), 1)
    for spec in (OffsetSpec.earliest(), OffsetSpec.latest(), OffsetSpec.max_timestamp(), OffsetSpec.for_timestamp(TIME)):
        for level in (IsolationLevel.READ_COMMITTED, IsolationLevel.READ_UNCOMMITTED):
            found = admin.list_offsets({place: spec}, isolation_level=level)
            results(f"offset {type(spec).__name__} {spec._value} {level.name}", found, lambda r: (r.offset, r.timestamp, r.leader_epoch))
    altered = ConsumerGroupTopicPartitions(topic("altered"), [TopicPartition(topic("py"), 0, 7)])
    results("alter offsets", admin.alter_consumer_group_offsets([altered]), lambda g: [(p.offset, p.error) for p in g.topic_partitions])
    results("delete records", admin.delete_records([TopicPartition(topic("py"), 0, 5), TopicPartition(topic("py"), 1, 999)]),
            lambda r: r.low_watermark)
    reader = consumer("watermarks")
    say("watermarks", (reader.get_watermark_offsets(place, 10), reader.get_watermark_offsets(other, 10)))
    times = [TopicPartition(topic("py"), 0, TIME), TopicPartition(topic("py"), 0, TIME + 1)]
    say("offsets for times", [(p.offset, p.error) for p in [reader.offsets_for_times([t], 10)[0] for t in times]])
    reader.close()


def security(admin):
    user = topic("user")
    info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 5000)
    results("user", admin.alter_user_scram_credentials([UserScramCredentialUpsertion(user, info, b"secret", b"salt" * 4)]))
    settle(admin)
    results("described", admin.describe_user_scram_credentials([user]),
            lambda d: [(i.mechanism.name, i.iterations) for i in d.scram_credential_infos])
    results("no user", admin.alter_user_scram_credentials([UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_256)]))
    entry = ("User:py", "*", AclOperation.READ, AclPermissionType.ALLOW)
    made = AclBinding(ResourceType.TOPIC, topic("py"), ResourcePatternType.LITERAL, *entry)
    results("list made", admin.create_acls([made]))
    wanted = AclBindingFilter(ResourceType.TOPIC, topic("py"), ResourcePatternType.MATCH, None, None, AclOperation.ANY, AclPermissionType.ANY)
    settle(admin)
    attempt("lists", lambda: admin.describe_acls(wanted).result())
    results("list deleted", admin.delete_acls([wanted]))


def removal(admin):
    results("delete groups", admin.delete_consumer_groups([topic("classic"), topic("nobody")]))
    results("delete", admin.delete_topics([topic("py"), topic("nothing")], operation_timeout=5))


def main():
    print(f"version: {libversion()[0]}", file=sys.stderr)
    admin = AdminClient(quiet)
    topics(admin)
    configs(admin)
    records()
    transactions()
    timing = {"heartbeat_interval_ms": 100, "session_timeout_ms": 10_000}
    group(admin, "classic", **timing)
    group(admin, "cooperative", partition_assignment_strategy="cooperative-sticky", **timing)
    group(admin, "consumer", group_protocol="consumer")
    offsets(admin)
    security(admin)
    removal(admin)


main()
