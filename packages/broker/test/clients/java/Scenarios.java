/* Kafka's own clients and console tools, one after the other in one process.
 *
 *   java -cp 'lib/*:classes' Scenarios SERVERS SASL_SERVERS NAME [SCENARIO ...]
 *
 * Prints what they see; a line "# NAME" before each scenario. */

import java.util.List;

public final class Scenarios {
  private static List<String> wanted;

  private interface Scenario {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Observe.servers = args[0];
    Observe.name = args[2];
    wanted = List.of(args).subList(3, args.length);
    run("records", RecordScenario::run);
    run("groups", GroupScenario::run);
    run("administration", AdminScenario::run);
    run("security", () -> SecurityScenario.run(args[1]));
    run("tools", ToolScenario::run);
    System.exit(0);
  }

  private static void run(String title, Scenario scenario) throws Exception {
    if (!wanted.isEmpty() && !wanted.contains(title)) return;
    System.out.println("# " + title);
    long started = System.nanoTime();
    scenario.run();
    System.err.println(title + ": " + (System.nanoTime() - started) / 1_000_000 + " ms");
  }
}
