/* What an administrator sees and may do: topics, configs, partitions, offsets, records, the cluster, producers. */

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;

final class AdminScenario {
  private static final long TIME = 1_700_000_000_000L;

  private AdminScenario() {}

  static void run() throws Exception {
    try (Admin admin = Admin.create(Observe.properties())) {
      cluster(admin);
      topics(admin);
      partitions(admin);
      configs(admin);
      brokerConfigs(admin);
      offsets(admin);
      producers(admin);
      deletion(admin);
    }
  }

  private static void cluster(Admin admin) throws Exception {
    DescribeClusterResult found = admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true));
    Observe.say("nodes", found.nodes().get().size() + " " + found.controller().get().id() + " "
        + found.nodes().get().iterator().next().rack() + " " + (found.clusterId().get().length() == 22));
    Observe.attempt("allowed", () -> Observe.sorted(found.authorizedOperations().get()));
  }

  private static void create(Admin admin, NewTopic topic, boolean validateOnly) {
    Observe.attempt((validateOnly ? "would create " : "create ") + topic, () -> {
      CreateTopicsResult result = admin.createTopics(List.of(topic), new CreateTopicsOptions().validateOnly(validateOnly));
      result.all().get();
      return result.numPartitions(topic.name()).get() + " x " + result.replicationFactor(topic.name()).get() + " "
          + entries(result.config(topic.name()).get(), false);
    });
  }

  private static NewTopic topic(String of, Integer partitions, int replicas, String... configs) {
    Map<String, String> pairs = new TreeMap<>();
    for (int i = 0; i < configs.length; i += 2) pairs.put(configs[i], configs[i + 1]);
    return new NewTopic(Observe.topic(of), Optional.ofNullable(partitions),
        replicas < 0 ? Optional.empty() : Optional.of((short) replicas)).configs(pairs);
  }

  private static void topics(Admin admin) throws Exception {
    create(admin, topic("admin", 2, 1, "retention.ms", "3600000", "cleanup.policy", "compact,delete"), true);
    create(admin, topic("admin", 2, 1, "retention.ms", "3600000", "cleanup.policy", "compact,delete"), false);
    create(admin, topic("admin", 2, 1), false);
    create(admin, topic("by-default", null, -1), false);
    create(admin, topic("bad", 0, 1), false);
    create(admin, topic("bad", -5, 1), false);
    create(admin, topic("bad", 1, 3), false);
    create(admin, topic("bad", 1, 0), false);
    for (String[] bad : new String[][] {{"no.such.config", "1"}, {"retention.ms", "soon"}, {"cleanup.policy", "burn"},
        {"segment.bytes", "1"}, {"compression.type", "rar"}, {"min.cleanable.dirty.ratio", "7"}, {"preallocate", "maybe"},
        {"max.message.bytes", "-1"}, {"message.timestamp.type", "Never"}, {"segment.ms", "0"},
        {"min.insync.replicas", "0"}, {"retention.ms", null}, {"compression.lz4.level", "99"},
        {"compression.zstd.level", "99"}, {"compression.gzip.level", "0"}, {"max.message.bytes", "99999999999"},
        {"retention.ms", "-2"}, {"retention.bytes", "x"}, {"cleanup.policy", ""}, {"cleanup.policy", "delete,delete"},
        {"flush.ms", ""}, {"unclean.leader.election.enable", "TRUE "}, {"retention.ms", " 5 "},
        {"leader.replication.throttled.replicas", "x"}, {"remote.storage.enable", "true"}})
      create(admin, topic("bad", 1, 1, bad), true);
    for (String bad : List.of("", ".", "..", "a/b", "x".repeat(250), "with space", "ü"))
      create(admin, new NewTopic(bad, 1, (short) 1), true);
    create(admin, new NewTopic(Observe.topic("assigned"), new TreeMap<>(Map.of(0, List.of(1), 1, List.of(1)))), false);
    create(admin, new NewTopic(Observe.topic("assigned-badly"), Map.of(0, List.of(7))), false);
    create(admin, new NewTopic(Observe.topic("assigned-badly"), Map.of(1, List.of(1))), false);
    create(admin, new NewTopic(Observe.topic("assigned-badly"), Map.of(0, List.of(1, 1))), false);
    create(admin, topic("a.dot", 1, 1), false);
    create(admin, topic("a_dot", 1, 1), false);
    Observe.settle(admin);
    describeTopics(admin);
    logDirs(admin);
  }

  private static void describeTopics(Admin admin) throws Exception {
    DescribeTopicsOptions options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
    TopicDescription found = admin.describeTopics(List.of(Observe.topic("admin")), options).allTopicNames().get()
        .get(Observe.topic("admin"));
    Observe.say("described", found.partitions() + " internal "
        + found.isInternal() + " " + Observe.sorted(found.authorizedOperations()));
    DescribeTopicsOptions pages = new DescribeTopicsOptions().partitionSizeLimitPerResponse(1);
    Observe.say("described by pages", new TreeMap<>(admin.describeTopics(List.of(Observe.topic("admin"),
        Observe.topic("assigned"), Observe.topic("a.dot")), pages).allTopicNames().get()).values().stream()
        .map((t) -> t.name() + " " + t.partitions().size()).toList());
    Observe.attempt("described by pages, one unknown",
        () -> admin.describeTopics(List.of(Observe.topic("admin"), "nowhere"), pages).allTopicNames().get());
    Uuid id = found.topicId();
    Observe.say("described by id", admin.describeTopics(TopicCollection.ofTopicIds(List.of(id))).allTopicIds().get()
        .get(id).name());
    Observe.attempt("described by no id",
        () -> admin.describeTopics(TopicCollection.ofTopicIds(List.of(new Uuid(1, 2)))).allTopicIds().get());
    Observe.attempt("described by no name", () -> admin.describeTopics(List.of("nowhere")).allTopicNames().get());
    Observe.attempt("described by a bad name", () -> admin.describeTopics(List.of("a/b")).allTopicNames().get());
    Observe.say("listed", admin.listTopics().names().get().contains(Observe.topic("admin")));
    Observe.say("internal ones", admin.listTopics(new ListTopicsOptions().listInternal(true)).listings().get().stream()
        .filter((t) -> t.name().equals(Observe.topic("admin"))).map((t) -> t.isInternal()).toList());
  }

  private static void logDirs(Admin admin) throws Exception {
    String topic = Observe.topic("assigned");
    for (LogDirDescription dir : admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values())
      Observe.say("log dir", dir.error() + " " + dir.totalBytes().isPresent() + " "
          + (dir.usableBytes().getAsLong() < dir.totalBytes().getAsLong()) + " " + dir.replicaInfos().entrySet().stream()
              .filter((e) -> e.getKey().topic().equals(topic)).map(String::valueOf).sorted().toList());
    TopicPartitionReplica replica = new TopicPartitionReplica(topic, 1, 1);
    Observe.attempt("log dir of a replica", () -> {
      ReplicaLogDirInfo info = admin.describeReplicaLogDirs(List.of(replica)).all().get().get(replica);
      return (info.getCurrentReplicaLogDir() != null) + " " + info.getCurrentReplicaOffsetLag() + " "
          + info.getFutureReplicaLogDir();
    });
  }

  private static void partitions(Admin admin) {
    for (NewPartitions wanted : List.of(NewPartitions.increaseTo(4), NewPartitions.increaseTo(4),
        NewPartitions.increaseTo(2), NewPartitions.increaseTo(0), NewPartitions.increaseTo(6, List.of(List.of(1))),
        NewPartitions.increaseTo(5, List.of(List.of(9))), NewPartitions.increaseTo(5, List.of(List.of(1)))))
      Observe.attempt("partitions " + wanted,
          () -> admin.createPartitions(Map.of(Observe.topic("admin"), wanted)).all().get());
    Observe.attempt("partitions of nothing",
        () -> admin.createPartitions(Map.of("nowhere", NewPartitions.increaseTo(4))).all().get());
  }

  static List<String> entries(Config config, boolean more) {
    List<String> texts = new ArrayList<>();
    // A new Kafka cluster has min.insync.replicas set for its eligible leader replicas.
    for (ConfigEntry entry : config.entries())
      if (!entry.name().equals("min.insync.replicas")) texts.add(entry.name() + "=" + entry.value() + " " + entry.source() + (entry.isReadOnly() ? " read-only" : "")
          + (entry.isSensitive() ? " sensitive" : "") + (more ? " " + entry.type() + " " + entry.synonyms() : ""));
    java.util.Collections.sort(texts);
    return texts;
  }

  private static void alter(Admin admin, ConfigResource resource, boolean validateOnly, AlterConfigOp... ops) {
    Observe.attempt("alter " + resource + " " + List.of(ops).stream().map((o) -> o.opType() + " " + o.configEntry().name() + "=" + o.configEntry().value()).toList(), () -> {
      Map<ConfigResource, Collection<AlterConfigOp>> wanted = Map.of(resource, List.of(ops));
      return admin.incrementalAlterConfigs(wanted, new AlterConfigsOptions().validateOnly(validateOnly)).all().get();
    });
  }

  private static AlterConfigOp op(OpType type, String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), type);
  }

  private static Config describe(Admin admin, ConfigResource resource) throws Exception {
    return admin.describeConfigs(List.of(resource), new DescribeConfigsOptions().includeSynonyms(true)).all().get()
        .get(resource);
  }

  private static void configs(Admin admin) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Observe.topic("admin"));
    Observe.settle(admin);
    for (String entry : entries(describe(admin, topic), true)) Observe.say("config", entry);
    alter(admin, topic, false, op(OpType.SET, "retention.ms", "7200000"), op(OpType.SET, "segment.bytes", "2097152"));
    alter(admin, topic, true, op(OpType.SET, "retention.ms", "1"));
    alter(admin, topic, false, op(OpType.SUBTRACT, "cleanup.policy", "compact"));
    alter(admin, topic, false, op(OpType.APPEND, "cleanup.policy", "compact"));
    alter(admin, topic, false, op(OpType.APPEND, "cleanup.policy", "compact"));
    alter(admin, topic, false, op(OpType.APPEND, "retention.ms", "1"));
    alter(admin, topic, false, op(OpType.SET, "nothing", "1"));
    alter(admin, topic, false, op(OpType.SET, "retention.ms", "x"));
    alter(admin, topic, false, op(OpType.DELETE, "segment.bytes", ""));
    alter(admin, topic, false, op(OpType.SET, "flush.ms", "1"), op(OpType.DELETE, "flush.ms", ""));
    ConfigResource nowhere = new ConfigResource(ConfigResource.Type.TOPIC, "nowhere");
    alter(admin, nowhere, false, op(OpType.SET, "retention.ms", "1"));
    Observe.settle(admin);
    Observe.attempt("configs of nothing", () -> describe(admin, nowhere));
    for (String entry : entries(describe(admin, topic), false))
      if (!entry.contains("DEFAULT_CONFIG")) Observe.say("config then", entry);
  }

  private static void brokerConfigs(Admin admin) throws Exception {
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
    for (String name : List.of("message.max.bytes", "num.partitions", "auto.create.topics.enable", "log.retention.ms",
        "group.initial.rebalance.delay.ms", "delete.topic.enable"))
      Observe.say("broker config", describe(admin, broker).get(name));
    alter(admin, broker, true, op(OpType.SET, "message.max.bytes", "x"));
    alter(admin, broker, true, op(OpType.SET, "compression.type", "rar"));
    alter(admin, broker, true, op(OpType.SET, "log.retention.ms", "5"));
    alter(admin, broker, true, op(OpType.SET, "nobody.knows", "5"));
    alter(admin, broker, true, op(OpType.SET, "num.partitions", "3"));
  }

  private static void offsets(Admin admin) throws Exception {
    TopicPartition place = new TopicPartition(Observe.topic("by-default"), 0);
    TopicPartition empty = new TopicPartition(Observe.topic("assigned"), 0);
    try (KafkaProducer<String, String> producer = Observe.producer("batch.size", "100")) {
      for (int i = 0; i < 30; i++)
        producer.send(new ProducerRecord<>(place.topic(), 0, TIME + (i * 7 % 30), "k", "v" + i));
    }
    try (KafkaProducer<String, String> producer = Observe.producer("transactional.id", Observe.topic("open"))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(place.topic(), 0, TIME + 100, "k", "open")).get();
      for (IsolationLevel level : IsolationLevel.values())
        listOffsets(admin, level, place);
      producer.abortTransaction();
    }
    listOffsets(admin, IsolationLevel.READ_UNCOMMITTED, empty);
    for (long before : new long[] {10, 5, 1000, -2, -1})
      Observe.attempt("delete before " + before, () -> admin
          .deleteRecords(Map.of(place, RecordsToDelete.beforeOffset(before))).lowWatermarks().get(place).get()
          .lowWatermark());
    Observe.say("earliest then", admin.listOffsets(Map.of(place, OffsetSpec.earliest())).all().get().get(place).offset());
  }

  private static void listOffsets(Admin admin, IsolationLevel level, TopicPartition place) {
    Map<String, OffsetSpec> specs = new TreeMap<>(Map.of("earliest", OffsetSpec.earliest(), "latest",
        OffsetSpec.latest(), "max timestamp", OffsetSpec.maxTimestamp(), "earliest local", OffsetSpec.earliestLocal(),
        "latest tiered", OffsetSpec.latestTiered(), "in between", OffsetSpec.forTimestamp(TIME + 13), "beyond",
        OffsetSpec.forTimestamp(TIME + 1000)));
    specs.forEach((what, spec) -> Observe.attempt("offset " + what + " " + level, () -> {
      ListOffsetsResult.ListOffsetsResultInfo found =
          admin.listOffsets(Map.of(place, spec), new ListOffsetsOptions(level)).all().get().get(place);
      return found.offset() + " @" + found.timestamp() + " " + found.leaderEpoch();
    }));
  }

  private static void producers(Admin admin) throws Exception {
    TopicPartition place = new TopicPartition(Observe.topic("assigned"), 1);
    try (KafkaProducer<String, String> producer = Observe.producer()) {
      producer.send(new ProducerRecord<>(place.topic(), 1, TIME, "k", "v")).get();
      producer.send(new ProducerRecord<>(place.topic(), 1, TIME, "k", "v")).get();
    }
    for (ProducerState state : admin.describeProducers(List.of(place)).partitionResult(place).get().activeProducers())
      Observe.say("producer", state.producerEpoch() + " " + state.lastSequence() + " " + state.lastTimestamp() + " "
          + state.coordinatorEpoch() + " " + state.currentTransactionStartOffset());
  }

  private static void deletion(Admin admin) {
    Observe.attempt("deleted", () -> admin.deleteTopics(List.of(Observe.topic("assigned"))).all().get());
    Observe.attempt("deleted twice", () -> admin.deleteTopics(List.of(Observe.topic("assigned"))).all().get());
    Observe.attempt("deleted by id", () -> {
      Uuid id = admin.describeTopics(List.of(Observe.topic("a.dot"))).allTopicNames().get().get(Observe.topic("a.dot"))
          .topicId();
      return admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all().get();
    });
    Observe.attempt("deleted by no id",
        () -> admin.deleteTopics(TopicCollection.ofTopicIds(List.of(new Uuid(1, 2)))).all().get());
    Observe.attempt("deleted, bad name", () -> admin.deleteTopics(List.of("a/b")).all().get());
  }
}
