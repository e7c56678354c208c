import java.util.Arrays;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.Stores;

/**
 * Kafka Streams with exactly_once_v2: counts the words of topic `lines` into topic `counts`, one record for every change of
 * a count. A topic to repartition and a changelog of the state are between. Runs until standard input ends.
 *
 * <p>Arguments: bootstrap servers, folder of the state.
 */
public final class StreamsCount {
  private StreamsCount() {}

  public static void main(String[] args) throws Exception {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "count");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    config.put(StreamsConfig.STATE_DIR_CONFIG, args[1]);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
    // Every change is written, none is merged with the next.
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put("auto.offset.reset", "earliest");
    // A process that was killed is missed soon, and what it left open ends soon.
    config.put("session.timeout.ms", 6000);
    config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 6000);
    // Batches stay small: the job is to be killed in the middle.
    config.put(StreamsConfig.mainConsumerPrefix("max.partition.fetch.bytes"), 4096);

    StreamsBuilder builder = new StreamsBuilder();
    builder
        .<String, String>stream("lines")
        .flatMapValues(line -> Arrays.asList(line.split(" ")))
        .groupBy((key, word) -> word)
        .count(Materialized.as(Stores.inMemoryKeyValueStore("counts")))
        .toStream()
        .mapValues(String::valueOf)
        .to("counts");
    try (KafkaStreams streams = new KafkaStreams(builder.build(), config)) {
      streams.setUncaughtExceptionHandler(
          thrown -> {
            thrown.printStackTrace();
            System.exit(1);
            return null;
          });
      streams.start();
      while (System.in.read() >= 0) {}
    }
  }
}
