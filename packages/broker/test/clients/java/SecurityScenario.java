/* Users by SCRAM, and access control lists: made and seen over the open listener, felt on the one with a login. */

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

final class SecurityScenario {
  private SecurityScenario() {}

  static void run(String saslServers) throws Exception {
    try (Admin admin = Admin.create(Observe.properties())) {
      admin.createTopics(List.of(new NewTopic(Observe.topic("guarded"), 1, (short) 1))).all().get();
      users(admin);
      lists(admin);
      guarded(saslServers);
      renewal(saslServers);
      removal(admin);
    }
  }

  private static String user(String of) {
    return Observe.name + "-" + of;
  }

  private static void users(Admin admin) throws Exception {
    Observe.attempt("users made", () -> admin.alterUserScramCredentials(List.of(
        new UserScramCredentialUpsertion(user("alice"), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "a"),
        new UserScramCredentialUpsertion(user("bob"), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "b")))
        .all().get());
    Observe.attempt("another mechanism", () -> admin.alterUserScramCredentials(List.of(
        new UserScramCredentialUpsertion(user("alice"), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 8192), "a")))
        .all().get());
    Observe.attempt("a user twice", () -> admin.alterUserScramCredentials(List.of(
        new UserScramCredentialUpsertion(user("alice"), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "a"),
        new UserScramCredentialUpsertion(user("alice"), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 8192), "a")))
        .all().get());
    Observe.attempt("too few iterations", () -> admin.alterUserScramCredentials(List.of(
        new UserScramCredentialUpsertion(user("bob"), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 100), "b")))
        .all().get());
    Observe.attempt("too many iterations", () -> admin.alterUserScramCredentials(List.of(
        new UserScramCredentialUpsertion(user("bob"), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 99999), "b")))
        .all().get());
    Observe.attempt("delete what is not there", () -> admin.alterUserScramCredentials(
        List.of(new UserScramCredentialDeletion(user("bob"), ScramMechanism.SCRAM_SHA_512))).all().get());
    Observe.settle(admin);
    for (String who : List.of("alice", "bob", "nobody"))
      Observe.attempt("user " + who, () -> admin.describeUserScramCredentials(List.of(user(who))).description(user(who))
          .get().credentialInfos().stream().map(String::valueOf).sorted().toList());
  }

  private static AclBinding binding(ResourceType type, String name, PatternType pattern, String who,
      AclOperation operation, AclPermissionType permission) {
    return new AclBinding(new ResourcePattern(type, name, pattern),
        new AccessControlEntry("User:" + user(who), "*", operation, permission));
  }

  private static void lists(Admin admin) throws Exception {
    String guarded = Observe.topic("guarded");
    List<AclBinding> bindings = List.of(
        binding(ResourceType.TOPIC, guarded, PatternType.LITERAL, "alice", AclOperation.ALL, AclPermissionType.ALLOW),
        binding(ResourceType.TOPIC, Observe.name, PatternType.PREFIXED, "bob", AclOperation.READ, AclPermissionType.ALLOW),
        binding(ResourceType.GROUP, Observe.name, PatternType.PREFIXED, "bob", AclOperation.READ, AclPermissionType.ALLOW),
        binding(ResourceType.TOPIC, guarded, PatternType.LITERAL, "bob", AclOperation.WRITE, AclPermissionType.DENY));
    Observe.attempt("lists made", () -> admin.createAcls(bindings).all().get());
    Observe.attempt("an operation that topics have not", () -> admin.createAcls(List.of(binding(ResourceType.TOPIC,
        guarded, PatternType.LITERAL, "bob", AclOperation.CLUSTER_ACTION, AclPermissionType.ALLOW))).all().get());
    Observe.attempt("a cluster of another name", () -> admin.createAcls(List.of(binding(ResourceType.CLUSTER, "mine",
        PatternType.LITERAL, "bob", AclOperation.ALTER, AclPermissionType.ALLOW))).all().get());
    Observe.settle(admin);
    Observe.attempt("all that concerns the topic", () -> Observe.sorted(admin.describeAcls(new AclBindingFilter(
        new ResourcePatternFilter(ResourceType.TOPIC, guarded, PatternType.MATCH), AccessControlEntryFilter.ANY))
        .values().get()));
    Observe.attempt("bob's", () -> Observe.sorted(admin.describeAcls(new AclBindingFilter(ResourcePatternFilter.ANY,
        new AccessControlEntryFilter("User:" + user("bob"), null, AclOperation.ANY, AclPermissionType.ANY)))
        .values().get()));
    Observe.attempt("denials", () -> Observe.sorted(admin.describeAcls(new AclBindingFilter(
        new ResourcePatternFilter(ResourceType.TOPIC, guarded, PatternType.LITERAL),
        new AccessControlEntryFilter(null, null, AclOperation.ANY, AclPermissionType.DENY))).values().get()));
  }

  private static String[] login(String saslServers, String mechanism, String who, String password, String... more) {
    List<String> properties = new java.util.ArrayList<>(List.of("bootstrap.servers", saslServers, "security.protocol",
        "SASL_PLAINTEXT", "sasl.mechanism", mechanism, "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user(who) + "\" password=\""
            + password + "\";", "max.block.ms", "10000"));
    properties.addAll(List.of(more));
    return properties.toArray(new String[0]);
  }

  private static void guarded(String saslServers) throws Exception {
    String guarded = Observe.topic("guarded");
    for (String[] who : new String[][] {{"alice", "SCRAM-SHA-256", "a"}, {"alice", "SCRAM-SHA-512", "a"},
        {"bob", "SCRAM-SHA-256", "b"}, {"bob", "SCRAM-SHA-512", "b"}, {"alice", "SCRAM-SHA-256", "wrong"},
        {"nobody", "SCRAM-SHA-256", "a"}}) {
      String as = who[0] + " by " + who[1] + " " + who[2];
      Observe.attempt(as + " writes", () -> {
        try (KafkaProducer<String, String> producer = Observe.producer(login(saslServers, who[1], who[0], who[2]))) {
          return producer.send(new ProducerRecord<>(guarded, "k", who[0])).get(20, TimeUnit.SECONDS).offset();
        }
      });
      Observe.attempt(as + " reads", () -> {
        try (KafkaConsumer<String, String> consumer = Observe.consumer(
            login(saslServers, who[1], who[0], who[2], "group.id", Observe.topic("guard-group")))) {
          consumer.subscribe(Set.of(guarded));
          int count = 0;
          for (int tries = 0; tries < 200 && count == 0; tries++)
            count = consumer.poll(java.time.Duration.ofMillis(50)).count();
          return count;
        }
      });
    }
    try (Admin bob = Admin.create(Observe.properties(login(saslServers, "SCRAM-SHA-256", "bob", "b")))) {
      Observe.attempt("bob sees", () -> bob.listTopics().names().get().stream().filter((t) -> t.equals(guarded)).toList());
      Observe.attempt("bob creates", () -> bob.createTopics(List.of(new NewTopic(Observe.topic("bobs"), 1, (short) 1)))
          .all().get());
      Observe.attempt("bob deletes", () -> bob.deleteTopics(List.of(guarded)).all().get());
      Observe.attempt("bob describes configs", () -> bob.describeConfigs(List.of(
          new org.apache.kafka.common.config.ConfigResource(org.apache.kafka.common.config.ConfigResource.Type.TOPIC, guarded)))
          .all().get());
      Observe.attempt("bob lists users", () -> bob.describeUserScramCredentials().all().get());
      Observe.attempt("bob lists lists", () -> {
        try {
          return bob.describeAcls(AclBindingFilter.ANY).values().get();
        } catch (Exception refused) {
          return refused.getCause().getClass();
        }
      });
      Observe.attempt("bob's operations", () -> Observe.sorted(bob.describeTopics(List.of(guarded),
          new org.apache.kafka.clients.admin.DescribeTopicsOptions().includeAuthorizedOperations(true)).allTopicNames()
          .get().get(guarded).authorizedOperations()));
    }
  }

  /** Over one connection, which goes on beyond a session or two. */
  private static void renewal(String saslServers) throws Exception {
    try (KafkaProducer<String, String> producer = Observe.producer(login(saslServers, "SCRAM-SHA-512", "alice", "a"))) {
      Observe.attempt("written for longer than a session", () -> {
        long until = System.nanoTime() + 7_000_000_000L;
        while (System.nanoTime() < until) {
          producer.send(new ProducerRecord<>(Observe.topic("guarded"), "k", "again")).get(20, TimeUnit.SECONDS);
          Thread.sleep(20);
        }
        return true;
      });
      Observe.say("logged in again", total(producer, "successful-reauthentication-total") > 0);
      Observe.say("and failed", total(producer, "failed-reauthentication-total"));
    }
  }

  private static double total(KafkaProducer<?, ?> producer, String metric) {
    return producer.metrics().entrySet().stream().filter((e) -> e.getKey().name().equals(metric)
        && e.getKey().group().equals("producer-metrics")).mapToDouble((e) -> (Double) e.getValue().metricValue()).sum();
  }

  private static void removal(Admin admin) throws Exception {
    for (String who : List.of("alice", "bob", "nobody"))
      Observe.attempt(who + "'s lists deleted", () -> Observe.sorted(admin.deleteAcls(List.of(new AclBindingFilter(
          ResourcePatternFilter.ANY,
          new AccessControlEntryFilter("User:" + user(who), null, AclOperation.ANY, AclPermissionType.ANY)))).all().get()));
    Observe.attempt("users deleted", () -> admin.alterUserScramCredentials(List.of(
        new UserScramCredentialDeletion(user("alice"), ScramMechanism.SCRAM_SHA_256),
        new UserScramCredentialDeletion(user("bob"), ScramMechanism.SCRAM_SHA_256))).all().get());
    Observe.settle(admin);
    Observe.attempt("users left", () -> admin.describeUserScramCredentials().all().get().keySet().stream()
        .filter((u) -> u.startsWith(Observe.name)).toList());
  }
}
