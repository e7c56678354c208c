/* What is produced and what is read back: codecs, headers, nulls, partitioners, timestamps, positions. */

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;

final class RecordScenario {
  private static final long TIME = 1_700_000_000_000L;

  private RecordScenario() {}

  static void run() throws Exception {
    try (Admin admin = Admin.create(Observe.properties())) {
      admin.createTopics(List.of(topic("codecs", 1, Map.of()), topic("placed", 5, Map.of()),
          topic("gzipped", 1, Map.of("compression.type", "gzip")),
          topic("appended", 1, Map.of("message.timestamp.type", "LogAppendTime")),
          topic("small", 1, Map.of("max.message.bytes", "1000", "message.timestamp.before.max.ms", "3600000")),
          topic("compacted", 1, Map.of("cleanup.policy", "compact")), topic("read", 3, Map.of()))).all().get();
    }
    codecs();
    partitioners();
    timestamps();
    refusals();
    acknowledgements();
    positions();
    resets();
  }

  private static NewTopic topic(String of, int partitions, Map<String, String> configs) {
    return new NewTopic(Observe.topic(of), partitions, (short) 1).configs(configs);
  }

  static List<ConsumerRecord<String, String>> readAll(String of, int partition) {
    TopicPartition place = new TopicPartition(Observe.topic(of), partition);
    List<ConsumerRecord<String, String>> seen = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = Observe.consumer()) {
      consumer.assign(List.of(place));
      consumer.seekToBeginning(List.of(place));
      long end = consumer.endOffsets(List.of(place)).get(place);
      while (consumer.position(place) < end) consumer.poll(Duration.ofMillis(200)).forEach(seen::add);
    }
    return seen;
  }

  private static String text(ConsumerRecord<String, String> record) {
    StringBuilder headers = new StringBuilder();
    for (Header header : record.headers())
      headers.append(' ').append(header.key()).append('=')
          .append(header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8));
    String value = record.value();
    boolean isLong = value != null && value.length() > 100;
    return record.offset() + " @" + record.timestamp() + " " + record.timestampType() + " " + record.key() + " -> "
        + (isLong ? value.length() + " characters, hash " + value.hashCode() : value) + headers + " epoch "
        + record.leaderEpoch().orElse(-1) + " sizes " + record.serializedKeySize() + " "
        + record.serializedValueSize();
  }

  private static void codecs() throws Exception {
    for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
      try (KafkaProducer<String, String> producer =
          Observe.producer("compression.type", codec, "linger.ms", "50", "max.request.size", "900000")) {
        for (String to : List.of("codecs", "gzipped")) {
          send(producer, to, "key-" + codec, "väl✓ue", "first", "1", "first", "again", "empty", "", "none", null);
          send(producer, to, null, "no key");
          send(producer, to, "no value", null);
          send(producer, to, null, null);
          send(producer, to, "", "");
          StringBuilder large = new StringBuilder();
          for (int i = 0; i < 50_000; i++) large.append(codec).append(i * 7919 % 1000);
          send(producer, to, "large", large.toString());
        }
        producer.flush();
      }
    }
    for (String from : List.of("codecs", "gzipped"))
      for (ConsumerRecord<String, String> record : readAll(from, 0)) Observe.say(from, text(record));
  }

  private static void send(KafkaProducer<String, String> producer, String to, String key, String value,
      String... headers) {
    ProducerRecord<String, String> record = new ProducerRecord<>(Observe.topic(to), null, TIME, key, value);
    for (int i = 0; i < headers.length; i += 2)
      record.headers().add(headers[i],
          headers[i + 1] == null ? null : headers[i + 1].getBytes(StandardCharsets.UTF_8));
    producer.send(record);
  }

  /** Places a record by the length of its key. */
  public static final class ByLength implements Partitioner {
    @Override
    public int partition(String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
      return keyBytes.length % cluster.partitionCountForTopic(topic);
    }
    @Override
    public void close() {}
    @Override
    public void configure(Map<String, ?> configs) {}
  }

  private static void partitioners() throws Exception {
    for (String partitioner : new String[] {null, ByLength.class.getName()}) {
      String[] more = partitioner == null ? new String[0] : new String[] {"partitioner.class", partitioner};
      Map<Integer, List<String>> places = new TreeMap<>();
      try (KafkaProducer<String, String> producer = Observe.producer(more)) {
        for (String key : List.of("a", "bb", "ccc", "dddd", "eeeee", "ffffff"))
          places.computeIfAbsent(
              producer.send(new ProducerRecord<>(Observe.topic("placed"), key, key)).get().partition(),
              (p) -> new ArrayList<>()).add(key);
        Observe.say("partitions for the producer", producer.partitionsFor(Observe.topic("placed")).size());
      }
      Observe.say(partitioner == null ? "placed by default" : "placed by length", places);
    }
  }

  private static void timestamps() throws Exception {
    long before = System.currentTimeMillis();
    try (KafkaProducer<String, String> producer = Observe.producer()) {
      boolean near = producer.send(new ProducerRecord<>(Observe.topic("appended"), 0, TIME, "k", "v")).get()
          .timestamp() >= before;
      Observe.say("the producer hears the time of the append", near);
      Observe.attempt("too far back",
          () -> producer.send(new ProducerRecord<>(Observe.topic("small"), 0, TIME, "k", "v")).get());
      Observe.attempt("too far ahead", () -> producer
          .send(new ProducerRecord<>(Observe.topic("small"), 0, before + 7_200_000, "k", "v")).get());
      Observe.say("as created", producer.send(new ProducerRecord<>(Observe.topic("read"), 2, 5L, "k", "v")).get().timestamp());
    }
    for (ConsumerRecord<String, String> record : readAll("appended", 0))
      Observe.say("appended", record.timestampType() + " " + (record.timestamp() >= before)
          + (record.timestampType() == TimestampType.LOG_APPEND_TIME));
  }

  private static void refusals() throws Exception {
    try (KafkaProducer<String, String> producer = Observe.producer("max.block.ms", "1000")) {
      Observe.attempt("larger than the topic takes",
          () -> producer.send(new ProducerRecord<>(Observe.topic("small"), "k", "x".repeat(2000))).get());
      Observe.attempt("compacted without a key",
          () -> producer.send(new ProducerRecord<>(Observe.topic("compacted"), null, "v")).get());
      Observe.attempt("no such partition",
          () -> producer.send(new ProducerRecord<>(Observe.topic("small"), 9, "k", "v")).get().offset());
      Observe.attempt("not a topic's name",
          () -> producer.send(new ProducerRecord<>("not/a name", "k", "v")).get().offset());
      Observe.attempt("a topic that nobody made",
          () -> producer.send(new ProducerRecord<>(Observe.topic("made"), "k", "v")).get().offset());
    }
  }

  private static void acknowledgements() throws Exception {
    for (String acks : List.of("0", "1", "all"))
      try (KafkaProducer<String, String> producer = Observe.producer("acks", acks, "enable.idempotence", "false")) {
        Observe.say("acks " + acks,
            producer.send(new ProducerRecord<>(Observe.topic("placed"), 4, "k", acks)).get().offset());
      }
  }

  private static void positions() throws Exception {
    TopicPartition one = new TopicPartition(Observe.topic("read"), 0);
    TopicPartition two = new TopicPartition(Observe.topic("read"), 1);
    try (KafkaProducer<String, String> producer = Observe.producer("batch.size", "200", "linger.ms", "5")) {
      for (int i = 0; i < 40; i++)
        producer.send(new ProducerRecord<>(one.topic(), i % 2, TIME + 1000 * (i % 7), "k", "v" + i));
      producer.flush();
    }
    try (KafkaConsumer<String, String> consumer = Observe.consumer("max.poll.records", "5")) {
      List<TopicPartition> both = List.of(one, two);
      consumer.assign(both);
      Observe.say("beginnings", new TreeMap<>(texts(consumer.beginningOffsets(both))));
      Observe.say("ends", new TreeMap<>(texts(consumer.endOffsets(both))));
      for (long time : new long[] {0, TIME, TIME + 1, TIME + 3500, TIME + 6000, TIME + 6001})
        Observe.say("offsets for " + time,
            new TreeMap<>(texts(consumer.offsetsForTimes(Map.of(one, time, two, time)))));
      consumer.seek(one, 7);
      consumer.seekToEnd(List.of(two));
      Observe.say("positions", consumer.position(one) + " " + consumer.position(two));
      List<String> seen = poll(consumer, 5);
      Observe.say("from the seventh", seen);
      Observe.say("lag", consumer.currentLag(one));
      consumer.pause(List.of(one));
      Observe.say("paused", consumer.paused().size() + " " + consumer.poll(Duration.ofMillis(150)).count());
      consumer.resume(List.of(one));
      Observe.say("resumed", poll(consumer, 8));
      consumer.seekToBeginning(both);
      Observe.say("again", poll(consumer, 40).size());
      Observe.say("partitions", consumer.partitionsFor(one.topic()).size());
      Observe.say("listed", consumer.listTopics().containsKey(one.topic()));
      Observe.attempt("partitions of nothing", () -> consumer.partitionsFor("not/a name"));
    }
  }

  private static Map<String, String> texts(Map<TopicPartition, ?> of) {
    Map<String, String> texts = new TreeMap<>();
    of.forEach((place, value) -> texts.put(place.toString(), String.valueOf(value)));
    return texts;
  }

  private static List<String> poll(KafkaConsumer<String, String> consumer, int atLeast) {
    List<String> seen = new ArrayList<>();
    while (seen.size() < atLeast)
      for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) seen.add(record.value());
    return seen;
  }

  private static void resets() throws Exception {
    TopicPartition one = new TopicPartition(Observe.topic("read"), 0);
    for (String reset : List.of("earliest", "latest", "none", "by_duration:P10000D"))
      try (KafkaConsumer<String, String> consumer = Observe.consumer("auto.offset.reset", reset)) {
        consumer.assign(Set.of(one));
        Observe.attempt("reset " + reset, () -> {
          consumer.seek(one, 1000);
          long begun = consumer.position(one);
          for (int i = 0; i < 100 && begun == 1000; i++) {
            int taken = consumer.poll(Duration.ofMillis(50)).count();
            begun = consumer.position(one) - taken;
          }
          return begun;
        });
      }
  }
}
