/* What the scenarios see, a line each, and the clients that they see it with. */

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

final class Observe {
  static String servers;
  /** Of everything that this run makes, so that two runs never meet. */
  static String name;

  private Observe() {}

  static String topic(String of) {
    return name + "-" + of;
  }

  static void say(String what, Object answer) {
    String text = String.valueOf(answer).replace(name, "NAME").replace("\n", "\\n").replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS")
        .replaceAll("\\[\\d{13}, \\d{13}\\]", "[TIMES]").replaceAll("(Timestamp )\\d{13}", "$1TIME");
    System.out.println(what + ": " + text);
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

  /** The classes of what was thrown, and what the broker said. */
  static String failure(Throwable thrown) {
    Throwable cause = thrown.getCause();
    if (thrown instanceof ExecutionException && cause != null) return failure(cause);
    if (cause != null && cause != thrown && thrown.getClass() == KafkaException.class)
      return thrown.getClass().getSimpleName() + " of " + failure(cause);
    return thrown.getClass().getSimpleName() + " " + thrown.getMessage();
  }

  static Properties properties(String... pairs) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", servers);
    for (int i = 0; i < pairs.length; i += 2) properties.put(pairs[i], pairs[i + 1]);
    return properties;
  }

  static KafkaProducer<String, String> producer(String... more) {
    return new KafkaProducer<>(properties(more), new StringSerializer(), new StringSerializer());
  }

  static KafkaConsumer<String, String> consumer(String... more) {
    Properties properties = properties("enable.auto.commit", "false", "auto.offset.reset", "earliest");
    properties.putAll(properties(more));
    return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
  }

  static void until(String what, BooleanSupplier done) throws InterruptedException {
    for (int tries = 0; tries < 600; tries++) {
      if (done.getAsBoolean()) return;
      Thread.sleep(20);
    }
    throw new IllegalStateException("did not come: " + what);
  }

  private static int settled;

  /** Waits until the broker knows of all that its controller has done: it hears of it in order, and after the answer. */
  static void settle(Admin admin) throws Exception {
    // When the second is there, all is done that the first brought along.
    for (int i = 0; i < 2; i++) {
      String marker = topic("settled-" + settled++);
      admin.createTopics(List.of(new NewTopic(marker, 1, (short) 1))).all().get();
      while (!admin.listTopics().names().get().contains(marker)) Thread.sleep(10);
    }
  }

  static <T> List<String> sorted(Iterable<T> of) {
    List<String> texts = new ArrayList<>();
    for (T one : of) texts.add(String.valueOf(one));
    java.util.Collections.sort(texts);
    return texts;
  }
}
