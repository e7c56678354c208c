/* Kafka's own clients on transactions: what they see, a line each. Run against Kafka and against the embedded broker, the
 * lines must be equal.
 *
 *   java -cp 'lib/*' TransactionScenario.java SERVERS NAME [groups] */

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.internals.TransactionManager;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public class TransactionScenario {
  static String servers;
  static String name;

  public static void main(String[] args) throws Exception {
    servers = args[0];
    name = args[1];
    boolean groups = args.length > 2 && args[2].equals("groups");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic(topic("in"), 1, (short) 1), new NewTopic(topic("out"), 2, (short) 1),
          new NewTopic(topic("idempotent"), 1, (short) 1))).all().get();
      idempotent();
      commitAndAbort(admin);
      fencing(admin);
      consumeTransformProduce(admin, groups);
      if (groups) subscribed(admin);
      administration(admin);
      manyInFlight();
    }
  }

  static String topic(String of) {
    return name + "-" + of;
  }

  static void say(String what, Object answer) {
    System.out.println(what + ": " + String.valueOf(answer).replace(name, "NAME"));
  }

  static KafkaProducer<String, String> producer(String transactionalId, String... more) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", servers);
    properties.put("linger.ms", "0");
    if (transactionalId != null) properties.put("transactional.id", name + "-" + transactionalId);
    for (int i = 0; i < more.length; i += 2) properties.put(more[i], more[i + 1]);
    return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }

  static KafkaConsumer<String, String> consumer(String isolation, String group) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", servers);
    properties.put("isolation.level", isolation);
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "earliest");
    properties.put("max.partition.fetch.bytes", "300");
    if (group != null) properties.put("group.id", group);
    return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
  }

  static long send(KafkaProducer<String, String> producer, String to, int partition, String value) throws Exception {
    return producer.send(new ProducerRecord<>(topic(to), partition, "k", value)).get(30, TimeUnit.SECONDS).offset();
  }

  /** The classes of what is thrown. */
  static String failure(Throwable thrown) {
    if (thrown instanceof ExecutionException && thrown.getCause() != null) return failure(thrown.getCause());
    Throwable cause = thrown.getCause();
    boolean deeper = cause != null && cause != thrown && thrown.getClass() == KafkaException.class;
    return thrown.getClass().getSimpleName() + (deeper ? " of " + failure(cause) : "");
  }

  interface Attempt {
    Object make() throws Exception;
  }

  static void attempt(String what, Attempt attempt) {
    try {
      say(what, attempt.make());
    } catch (Throwable thrown) {
      say(what, failure(thrown));
    }
  }

  /** Everything that a reader sees up to the end that it is told. */
  static List<String> readAll(String of, int partition, String isolation) {
    TopicPartition place = new TopicPartition(topic(of), partition);
    List<String> seen = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = consumer(isolation, null)) {
      consumer.assign(List.of(place));
      consumer.seekToBeginning(List.of(place));
      long end = consumer.endOffsets(List.of(place)).get(place);
      while (consumer.position(place) < end)
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200)))
          seen.add(record.offset() + "=" + record.value());
      seen.add("end " + end);
    }
    return seen;
  }

  static void readBoth(String what, String of, int partition) {
    for (String isolation : List.of("read_committed", "read_uncommitted"))
      say(what + ", " + isolation, readAll(of, partition, isolation));
  }

  static void idempotent() throws Exception {
    try (KafkaProducer<String, String> producer = producer(null, "enable.idempotence", "true")) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 20; i++)
        sent.add(producer.send(new ProducerRecord<>(topic("idempotent"), 0, null, "v" + i)));
      StringBuilder offsets = new StringBuilder();
      for (Future<RecordMetadata> one : sent) offsets.append(one.get().offset()).append(' ');
      say("idempotent offsets", offsets);
    }
    readBoth("idempotent", "idempotent", 0);
  }

  static void commitAndAbort(Admin admin) throws Exception {
    try (KafkaProducer<String, String> producer = producer("plain")) {
      attempt("begin before init", () -> {
        producer.beginTransaction();
        return "begun";
      });
      producer.initTransactions();
      say("protocol of plain", protocol(producer));
      producer.beginTransaction();
      say("first offset", send(producer, "in", 0, "a"));
      send(producer, "in", 0, "b");
      readBoth("open", "in", 0);
      describe(admin, "open", "plain");
      producer.commitTransaction();
      readBoth("committed", "in", 0);
      producer.beginTransaction();
      send(producer, "in", 0, "c");
      send(producer, "in", 0, "d");
      producer.abortTransaction();
      readBoth("aborted", "in", 0);
      producer.beginTransaction();
      producer.commitTransaction();
      producer.beginTransaction();
      producer.abortTransaction();
      producer.beginTransaction();
      send(producer, "in", 0, "e");
      producer.commitTransaction();
      readBoth("after an empty one", "in", 0);
      describe(admin, "complete", "plain");
    }
    try (KafkaProducer<String, String> other = producer("long", "transaction.timeout.ms", "3600001")) {
      attempt("too long a time-out", () -> {
        other.initTransactions();
        return "initialised";
      });
    }
  }

  /** Of its transactions: the producer decides by what the broker says of itself. */
  static int protocol(KafkaProducer<?, ?> producer) throws Exception {
    Field manager = KafkaProducer.class.getDeclaredField("transactionManager");
    manager.setAccessible(true);
    return ((TransactionManager) manager.get(producer)).isTransactionV2Enabled() ? 2 : 1;
  }

  static void describe(Admin admin, String what, String id) throws Exception {
    String full = name + "-" + id;
    TransactionDescription found = null;
    // The markers may still be on their way.
    for (int tries = 0; tries < 500; tries++) {
      found = admin.describeTransactions(List.of(full)).description(full).get();
      if (!found.state().toString().startsWith("Prepare")) break;
      Thread.sleep(20);
    }
    Set<String> places = new java.util.TreeSet<>();
    for (TopicPartition place : found.topicPartitions())
      places.add(place.topic().startsWith("__") ? place.topic() : place.toString());
    say("described " + what, found.state() + " epoch " + found.producerEpoch() + " time-out "
        + found.transactionTimeoutMs() + " since " + found.transactionStartTimeMs().isPresent() + " " + places);
  }

  static void fencing(Admin admin) throws Exception {
    KafkaProducer<String, String> older = producer("fenced");
    older.initTransactions();
    older.beginTransaction();
    send(older, "out", 0, "of the older");
    try (KafkaProducer<String, String> newer = producer("fenced")) {
      newer.initTransactions();
      attempt("the older sends", () -> send(older, "out", 0, "too late"));
      attempt("the older commits", () -> {
        older.commitTransaction();
        return "committed";
      });
      attempt("the older aborts", () -> {
        older.abortTransaction();
        return "aborted";
      });
      newer.beginTransaction();
      send(newer, "out", 0, "of the newer");
      newer.commitTransaction();
      describe(admin, "fenced", "fenced");
    }
    older.close(Duration.ZERO);
    readBoth("fenced", "out", 0);
    try (KafkaProducer<String, String> shut = producer("shut")) {
      shut.initTransactions();
      admin.fenceProducers(List.of(name + "-shut")).all().get();
      shut.beginTransaction();
      attempt("fenced by an admin", () -> send(shut, "out", 0, "shut out"));
    }
  }

  static void consumeTransformProduce(Admin admin, boolean groups) throws Exception {
    TopicPartition in = new TopicPartition(topic("in"), 0);
    String group = name + "-group";
    try (KafkaProducer<String, String> producer = producer("transform");
        KafkaConsumer<String, String> consumer = consumer("read_committed", groups ? group : null)) {
      producer.initTransactions();
      consumer.assign(List.of(in));
      consumer.seekToBeginning(List.of(in));
      for (boolean commit : new boolean[] {true, false, true}) {
        producer.beginTransaction();
        int taken = 0;
        while (taken == 0)
          for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
            if (taken > 0) continue;
            taken++;
            send(producer, "out", 1, record.value().toUpperCase());
            consumer.seek(in, record.offset() + 1);
          }
        long next = consumer.position(in);
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(in, new OffsetAndMetadata(next, "m" + next));
        producer.sendOffsetsToTransaction(offsets,
            groups ? consumer.groupMetadata() : new ConsumerGroupMetadata(group));
        describe(admin, "with offsets", "transform");
        if (commit) producer.commitTransaction();
        else producer.abortTransaction();
        if (groups) {
          describe(admin, "with offsets committed", "transform");
          say("committed offsets", admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get());
        }
      }
      producer.beginTransaction();
      attempt("offsets of a generation that never was", () -> {
        producer.sendOffsetsToTransaction(Map.of(in, new OffsetAndMetadata(1)),
            new ConsumerGroupMetadata(name + "-nobody", 5, "member", java.util.Optional.empty()));
        return "sent";
      });
      attempt("abort after that", () -> {
        producer.abortTransaction();
        return "aborted";
      });
    }
    readBoth("transformed", "out", 1);
  }

  /** A member of a group, whose generation the coordinator knows (KIP-447). */
  static void subscribed(Admin admin) throws Exception {
    TopicPartition in = new TopicPartition(topic("in"), 0);
    String group = name + "-members";
    try (KafkaProducer<String, String> producer = producer("subscribed");
        KafkaConsumer<String, String> consumer = consumer("read_committed", group)) {
      producer.initTransactions();
      consumer.subscribe(List.of(topic("in")));
      int taken = 0;
      while (taken == 0) taken = consumer.poll(Duration.ofMillis(500)).count();
      ConsumerGroupMetadata member = consumer.groupMetadata();
      Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(in, new OffsetAndMetadata(2));
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(offsets, member);
      producer.commitTransaction();
      describe(admin, "of a member", "subscribed");
      say("committed by a member", admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get());
      for (ConsumerGroupMetadata other : List.of(
          new ConsumerGroupMetadata(group, member.generationId() + 1, member.memberId(), member.groupInstanceId()),
          new ConsumerGroupMetadata(group, member.generationId(), "somebody", member.groupInstanceId()))) {
        producer.beginTransaction();
        attempt("offsets of another generation or member", () -> {
          producer.sendOffsetsToTransaction(offsets, other);
          return "sent";
        });
        producer.abortTransaction();
      }
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(Map.of(in, new OffsetAndMetadata(1)), new ConsumerGroupMetadata(group));
      producer.commitTransaction();
      describe(admin, "of no member", "subscribed");
      say("committed by no member", admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get());
    }
  }

  static void administration(Admin admin) throws Exception {
    TopicPartition place = new TopicPartition(topic("out"), 1);
    try (KafkaProducer<String, String> producer = producer("hanging")) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, "out", 1, "hanging");
      Map<String, String> states = new TreeMap<>();
      ListTransactionsOptions ours = new ListTransactionsOptions().filterOnTransactionalIdPattern(name + ".*");
      admin.listTransactions(ours).all().get()
          .forEach(t -> states.put(t.transactionalId(), t.state().toString().replace("Prepare", "Complete")));
      say("listed", states);
      List<String> ongoing = new ArrayList<>();
      admin.listTransactions(new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING))
          .filterOnTransactionalIdPattern(name + ".*")).all().get().forEach(t -> ongoing.add(t.transactionalId()));
      say("ongoing", ongoing);
      attempt("described unknown",
          () -> admin.describeTransactions(List.of("nobody")).description("nobody").get().state());
      List<String> active = new ArrayList<>();
      ProducerState open = null;
      for (ProducerState state : admin.describeProducers(List.of(place)).partitionResult(place).get().activeProducers()) {
        active.add("epoch " + state.producerEpoch() + " sequence " + state.lastSequence() + " from "
            + state.currentTransactionStartOffset());
        if (state.currentTransactionStartOffset().isPresent()) open = state;
      }
      java.util.Collections.sort(active);
      say("active producers", active);
      ProducerState hanging = open;
      attempt("abort from outside", () -> admin.abortTransaction(new AbortTransactionSpec(place,
          hanging.producerId(), (short) hanging.producerEpoch(), Math.max(0, hanging.coordinatorEpoch().orElse(0))))
          .all().get());
      readBoth("aborted from outside", "out", 1);
      describe(admin, "after an abort from outside", "hanging");
      attempt("sends on", () -> send(producer, "out", 1, "after that"));
      attempt("abort of the same again", () -> admin.abortTransaction(new AbortTransactionSpec(place,
          hanging.producerId(), (short) (hanging.producerEpoch() - 1), 0)).all().get());
      readBoth("sent on", "out", 1);
      attempt("abort", () -> {
        producer.abortTransaction();
        return "aborted";
      });
      describe(admin, "after the abort", "hanging");
    }
  }

  /** Enough records that several batches of one producer are on their way at a time. */
  static void manyInFlight() throws Exception {
    int count = 5000;
    try (KafkaProducer<String, String> producer = producer("many", "batch.size", "1000")) {
      producer.initTransactions();
      for (boolean commit : new boolean[] {true, false, true}) {
        producer.beginTransaction();
        for (int i = 0; i < count; i++)
          producer.send(new ProducerRecord<>(topic("idempotent"), 0, null, commit + " " + i));
        if (commit) producer.commitTransaction();
        else producer.abortTransaction();
      }
    }
    Map<String, Integer> counts = new TreeMap<>();
    for (String value : readAll("idempotent", 0, "read_committed"))
      counts.merge(value.replaceAll("^\\d+=|[ \\d]*$", ""), 1, Integer::sum);
    say("many", counts);
  }
}
