/* Kafka's console tools as their scripts call them, but in one process: what each prints. */

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kafka.admin.ConfigCommand;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.tools.ConsoleProducer;
import org.apache.kafka.tools.DeleteRecordsCommand;
import org.apache.kafka.tools.GetOffsetShell;
import org.apache.kafka.tools.LogDirsCommand;
import org.apache.kafka.tools.TopicCommand;
import org.apache.kafka.tools.TransactionsCommand;
import org.apache.kafka.tools.consumer.ConsoleConsumer;
import org.apache.kafka.tools.consumer.group.ConsumerGroupCommand;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

final class ToolScenario {
  private ToolScenario() {}

  private interface Tool {
    void main(String... args) throws Exception;
  }

  /** In what a tool prints of the exception that ends it here. */
  private static final String ENDED = "(ended here)";
  /** What the tool that runs ended with first; later it only says that it could not end. */
  private static Integer status;
  /** What it wants done at the end of its process. */
  private static final List<Runnable> hooks = new ArrayList<>();

  static void run() throws Exception {
    Exit.Procedure ended = (with, message) -> {
      if (status == null) status = with;
      throw new IllegalStateException(ENDED);
    };
    Exit.setExitProcedure(ended);
    Exit.setShutdownHookAdder((name, hook) -> hooks.add(hook));
    Exit.setHaltProcedure(ended);
    try (Admin admin = Admin.create(Observe.properties())) {
      topics(admin);
      records();
      configs(admin);
      groups();
      transactions();
    }
    tool("deleted", TopicCommand::main, "", "--delete", "--topic", Observe.topic("tool"));
    tool("deleted twice", TopicCommand::main, "", "--delete", "--topic", Observe.topic("tool"));
  }

  /** Runs a tool with this input and says each line that it prints, without what is of the run alone. */
  private static void tool(String what, Tool tool, String input, String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    InputStream in = System.in;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(0, List.of("--bootstrap-server", Observe.servers));
    status = null;
    String thrown = "";
    try (PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(capture);
      System.setErr(capture);
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
      tool.main(all.toArray(new String[0]));
    } catch (Throwable failure) {
      if (!ENDED.equals(failure.getMessage())) thrown = " " + Observe.failure(failure);
    } finally {
      hooks.forEach(Runnable::run);
      hooks.clear();
      System.setOut(out);
      System.setErr(err);
      System.setIn(in);
    }
    Observe.say(what, "ended with " + (status == null ? 0 : status) + thrown);
    String[] lines = printed.toString(StandardCharsets.UTF_8).split("\n");
    List<String> own = new ArrayList<>();
    for (String line : lines)
      if (!line.isBlank() && !line.startsWith("\tat ") && !line.contains(ENDED) && !line.trim().startsWith("min.insync.replicas="))
        own.add(own(line));
    // They answer in the order of a hash, or of ids.
    if (List.of("records deleted", "producers", "producers after that").contains(what)) java.util.Collections.sort(own);
    for (String line : own) Observe.say(what, line);
  }

  /** A line without addresses, folders, ids, times, the width of columns that hold them, and what Kafka alone has: a new
   *  cluster has min.insync.replicas set, for its eligible leader replicas. */
  private static String own(String line) {
    return line.trim().replaceAll("\\s+", " ").replace("min.insync.replicas=1,", "")
        .replaceAll("\"logDir\":\"[^\"]*\"", "DIR")
        .replaceAll("\\b17[6-9]\\d{10}\\b", "TIME").replaceAll("(?<=Ongoing 60000 TIME )\\d+", "AGE")
        .replaceAll("\\b\\d+(?= Ongoing)|\\b\\d+(?= 0 Ongoing)|^\\d+(?= \\d+ -?\\d+ -?\\d+ TIME)", "ID").replace(Observe.servers, "ADDRESS")
        .replace("127.0.0.1", "HOST").replaceAll("TopicId: \\S+", "TopicId: ID")
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID");
  }

  private static void topics(Admin admin) throws Exception {
    String topic = Observe.topic("tool");
    tool("created", TopicCommand::main, "", "--create", "--topic", topic, "--partitions", "3", "--config",
        "retention.ms=86400000");
    tool("created twice", TopicCommand::main, "", "--create", "--topic", topic);
    tool("created if missing", TopicCommand::main, "", "--create", "--topic", topic, "--if-not-exists");
    tool("created badly", TopicCommand::main, "", "--create", "--topic", topic + "-bad", "--config", "retention.ms=x");
    Observe.settle(admin);
    tool("log dirs", LogDirsCommand::main, "", "--describe", "--topic-list", topic);
    tool("log dirs of another", LogDirsCommand::main, "", "--describe", "--topic-list", topic, "--broker-list", "1,7");
    tool("listed", TopicCommand::main, "", "--list", "--topic", topic + ".*");
    tool("described", TopicCommand::main, "", "--describe", "--topic", topic);
    tool("altered", TopicCommand::main, "", "--alter", "--topic", topic, "--partitions", "4");
    tool("altered back", TopicCommand::main, "", "--alter", "--topic", topic, "--partitions", "2");
    Observe.settle(admin);
    tool("with overrides", TopicCommand::main, "", "--describe", "--topics-with-overrides", "--topic", topic);
    tool("under-replicated", TopicCommand::main, "", "--describe", "--under-replicated-partitions", "--topic", topic);
    tool("described nothing", TopicCommand::main, "", "--describe", "--topic", "nowhere");
  }

  private static void records() throws Exception {
    String topic = Observe.topic("tool");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 12; i++) lines.append("h:").append(i).append("\tk").append(i % 5).append("|v").append(i).append('\n');
    tool("produced", ConsoleProducer::main, lines.toString(), "--topic", topic, "--property", "parse.key=true",
        "--property", "key.separator=|", "--property", "parse.headers=true", "--compression-codec", "zstd");
    tool("offsets", GetOffsetShell::main, "", "--topic", topic);
    tool("offsets at first", GetOffsetShell::main, "", "--topic", topic, "--time", "earliest");
    tool("offsets of a partition", GetOffsetShell::main, "", "--topic-partitions", topic + ":1-3");
    tool("offsets of no topic", GetOffsetShell::main, "", "--topic", "nowhere");
    for (String partition : List.of("0", "1", "2"))
      tool("consumed from " + partition, ConsoleConsumer::main, "", "--topic", topic, "--partition", partition,
          "--offset", "earliest", "--timeout-ms", "1000", "--property", "print.key=true",
          "--property", "print.headers=true", "--property", "print.timestamp=true",
          "--property", "print.offset=true", "--property", "print.partition=true");
    Path wanted = Files.createTempFile("delete", ".json");
    Files.writeString(wanted, "{\"version\":1,\"partitions\":[{\"topic\":\"" + topic
        + "\",\"partition\":0,\"offset\":1},{\"topic\":\"" + topic + "\",\"partition\":1,\"offset\":-1}]}");
    tool("records deleted", DeleteRecordsCommand::main, "", "--offset-json-file", wanted.toString());
    Files.delete(wanted);
    tool("offsets then", GetOffsetShell::main, "", "--topic", topic, "--time", "earliest");
  }

  private static void configs(Admin admin) throws Exception {
    String topic = Observe.topic("tool");
    String[] entity = {"--entity-type", "topics", "--entity-name", topic};
    tool("configured", ConfigCommand::main, "",
        with(entity, "--alter", "--add-config", "retention.ms=100000000,cleanup.policy=[compact,delete]"));
    tool("configured badly", ConfigCommand::main, "", with(entity, "--alter", "--add-config", "nothing=1"));
    Observe.settle(admin);
    tool("configs", ConfigCommand::main, "", with(entity, "--describe"));
    tool("all configs", ConfigCommand::main, "", with(entity, "--describe", "--all"));
    tool("unconfigured", ConfigCommand::main, "", with(entity, "--alter", "--delete-config", "retention.ms"));
    Observe.settle(admin);
    tool("configs then", ConfigCommand::main, "", with(entity, "--describe"));
    tool("config of a broker", ConfigCommand::main, "", "--entity-type", "brokers", "--entity-name", "1", "--alter",
        "--add-config", "log.cleaner.backoff.ms=14000");
    Observe.settle(admin);
    tool("configs of a broker", ConfigCommand::main, "", "--entity-type", "brokers", "--entity-name", "1", "--describe");
    tool("no config of a broker", ConfigCommand::main, "", "--entity-type", "brokers", "--entity-name", "1", "--alter",
        "--delete-config", "log.cleaner.backoff.ms");
    String[] user = {"--entity-type", "users", "--entity-name", Observe.topic("user")};
    tool("a user", ConfigCommand::main, "",
        with(user, "--alter", "--add-config", "SCRAM-SHA-256=[iterations=4096,password=secret]"));
    tool("no user", ConfigCommand::main, "", with(user, "--alter", "--delete-config", "SCRAM-SHA-256"));
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  private static void groups() {
    String topic = Observe.topic("tool");
    String group = Observe.topic("tool-group");
    tool("consumed as a group", ConsoleConsumer::main, "", "--topic", topic, "--group", group, "--from-beginning",
        "--max-messages", "3", "--timeout-ms", "20000", "--property", "print.value=false");
    String[] one = {"--group", group};
    tool("groups", ConsumerGroupCommand::main, "", "--list", "--state", "Dead");
    tool("described", ConsumerGroupCommand::main, "", with(one, "--describe", "--state"));
    tool("members", ConsumerGroupCommand::main, "", with(one, "--describe", "--members"));
    for (String to : List.of("--to-earliest", "--to-latest", "--to-offset=1", "--shift-by=1", "--by-duration=PT0S",
        "--to-datetime=2020-01-01T00:00:00.000", "--to-current"))
      tool("reset " + to, ConsumerGroupCommand::main, "", with(one, "--reset-offsets", "--topic", topic,
          "--execute", to.split("=")[0], to.contains("=") ? to.split("=")[1] : "--verbose"));
    tool("described then", ConsumerGroupCommand::main, "", with(one, "--describe"));
    tool("offsets deleted", ConsumerGroupCommand::main, "", with(one, "--delete-offsets", "--topic", topic + ":1"));
    tool("deleted", ConsumerGroupCommand::main, "", with(one, "--delete"));
    tool("deleted twice", ConsumerGroupCommand::main, "", with(one, "--delete"));
    tool("described no more", ConsumerGroupCommand::main, "", with(one, "--describe"));
  }

  private static void transactions() throws Exception {
    String topic = Observe.topic("tool");
    String id = Observe.topic("tool-transaction");
    try (KafkaProducer<String, String> producer = Observe.producer("transactional.id", id)) {
      producer.initTransactions();
      producer.beginTransaction();
      long start = producer.send(new ProducerRecord<>(topic, 0, "k", "open")).get().offset();
      tool("transactions", TransactionsCommand::main, "", "list", "--transactional-id-pattern", id);
      tool("a transaction", TransactionsCommand::main, "", "describe", "--transactional-id", id);
      tool("producers", TransactionsCommand::main, "", "describe-producers", "--topic", topic, "--partition", "0");
      tool("hanging ones", TransactionsCommand::main, "", "find-hanging", "--broker-id", "1");
      tool("abort", TransactionsCommand::main, "", "abort", "--topic", topic, "--partition", "0", "--start-offset",
          String.valueOf(start));
      tool("abort again", TransactionsCommand::main, "", "abort", "--topic", topic, "--partition", "0",
          "--start-offset", String.valueOf(start));
      tool("producers after that", TransactionsCommand::main, "", "describe-producers", "--topic", topic,
          "--partition", "0");
      producer.abortTransaction();
    }
  }
}
