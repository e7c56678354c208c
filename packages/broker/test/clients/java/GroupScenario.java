/* Groups of two by each protocol: who has what, what is committed, and what an administrator sees and may do. */

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

final class GroupScenario {
  private static final int PARTITIONS = 4;

  private GroupScenario() {}

  static void run() throws Exception {
    try (Admin admin = Admin.create(Observe.properties())) {
      admin.createTopics(List.of(new NewTopic(Observe.topic("shared"), PARTITIONS, (short) 1))).all().get();
      pair(admin, "range", "partition.assignment.strategy", RangeAssignor.class.getName());
      pair(admin, "cooperative", "partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
      pair(admin, "consumer", "group.protocol", "consumer");
      pair(admin, "consumer-range", "group.protocol", "consumer", "group.remote.assignor", "range");
      migration(admin, "from-range", "partition.assignment.strategy", RangeAssignor.class.getName());
      migration(admin, "from-cooperative", "partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
      pattern();
      fixed(admin, "fixed", "group.protocol", "classic");
      fixed(admin, "fixed-consumer", "group.protocol", "consumer");
      refusals();
      offsets(admin);
    }
  }

  /** A consumer that polls in a thread of its own. */
  private static final class Member implements ConsumerRebalanceListener {
    final List<String> seen = java.util.Collections.synchronizedList(new ArrayList<>());
    volatile Set<Integer> has = Set.of();
    volatile boolean ends;
    /** Given up by being taken back, not by a close. */
    volatile int lost;
    final KafkaConsumer<String, String> consumer;
    private final Thread thread;

    Member(String group, String... more) {
      List<String> properties = new ArrayList<>(List.of("group.id", Observe.topic(group)));
      properties.addAll(List.of(more));
      if (!properties.contains("consumer"))
        properties.addAll(List.of("heartbeat.interval.ms", "100", "session.timeout.ms", "10000"));
      consumer = Observe.consumer(properties.toArray(new String[0]));
      consumer.subscribe(List.of(Observe.topic("shared")), this);
      thread = new Thread(this::poll);
      thread.start();
    }

    private void poll() {
      try {
        while (!ends) {
          for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(50))) seen.add(record.value());
          keep();
          consumer.commitAsync();
        }
        consumer.commitSync();
      } catch (WakeupException ignored) {
        // It is to end.
      }
      consumer.close();
    }

    private void keep() {
      Set<Integer> now = new TreeSet<>();
      for (TopicPartition place : consumer.assignment()) now.add(place.partition());
      has = now;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      if (!ends) lost += partitions.size();
    }
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

    void end() throws InterruptedException {
      ends = true;
      thread.join();
    }
  }

  private static void fill(String prefix, int count) {
    try (KafkaProducer<String, String> producer = Observe.producer()) {
      for (int i = 0; i < count; i++)
        producer.send(new ProducerRecord<>(Observe.topic("shared"), i % PARTITIONS, null, prefix + i));
    }
  }

  private static void pair(Admin admin, String group, String... more) throws Exception {
    String full = Observe.topic(group);
    Member one = new Member(group, more);
    Observe.until("all of them", () -> one.has.size() == PARTITIONS);
    fill(group + " first ", 20);
    Observe.until("the first records", () -> count(group + " first", one) == 20);
    describe(admin, group + ", one member", full);
    Member two = new Member(group, more);
    Observe.until("a half each", () -> one.has.size() == 2 && two.has.size() == 2);
    Observe.say(group + ", halves", new TreeSet<>(List.of(one.has.toString(), two.has.toString())));
    describe(admin, group + ", two members", full);
    fill(group + " second ", 20);
    Observe.until("the second records", () -> count(group + " second", one, two) == 20);
    Observe.say(group + ", taken back from the first", one.lost);
    Observe.attempt(group + ", delete while it lives", () -> admin.deleteConsumerGroups(List.of(full)).all().get());
    Observe.attempt(group + ", alter offsets while it lives", () -> admin.alterConsumerGroupOffsets(full,
        Map.of(new TopicPartition(Observe.topic("shared"), 0), new OffsetAndMetadata(1))).all().get());
    Observe.attempt(group + ", delete offsets while it lives", () -> admin.deleteConsumerGroupOffsets(full,
        Set.of(new TopicPartition(Observe.topic("shared"), 0))).all().get());
    two.end();
    Observe.until("all of them again", () -> one.has.size() == PARTITIONS);
    fill(group + " third ", 20);
    Observe.until("the third records", () -> count(group + " third", one) == 20);
    one.end();
    Observe.say(group + ", seen in all", count(group, one, two));
    describe(admin, group + ", empty", full);
    Observe.say(group + ", committed",
        new java.util.TreeMap<>(texts(admin.listConsumerGroupOffsets(full).partitionsToOffsetAndMetadata().get())));
    Observe.say(group + ", listed", listed(admin, new ListConsumerGroupsOptions(), full));
    Observe.say(group + ", listed as empty",
        listed(admin, new ListConsumerGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY)), full));
    Observe.say(group + ", listed as stable",
        listed(admin, new ListConsumerGroupsOptions().inGroupStates(Set.of(GroupState.STABLE)), full));
    Observe.attempt(group + ", deleted", () -> admin.deleteConsumerGroups(List.of(full)).all().get());
    describe(admin, group + ", gone", full);
  }

  /** A group goes from the classic protocol to KIP-848 and back, one member after the other. */
  private static void migration(Admin admin, String group, String... classic) throws Exception {
    String full = Observe.topic(group);
    Member old = new Member(group, classic);
    Observe.until("all of them", () -> old.has.size() == PARTITIONS);
    fill(group + " first ", 20);
    Observe.until("the first records", () -> count(group + " first", old) == 20);
    Member young = new Member(group, "group.protocol", "consumer");
    Observe.until("a half each", () -> old.has.size() == 2 && young.has.size() == 2);
    describe(admin, group + ", a member of each protocol", full);
    fill(group + " second ", 20);
    Observe.until("the second records", () -> count(group + " second", old, young) == 20);
    old.end();
    Observe.until("all for the consumer", () -> young.has.size() == PARTITIONS);
    describe(admin, group + ", upgraded", full);
    Member back = new Member(group, classic);
    Observe.until("a half each again", () -> young.has.size() == 2 && back.has.size() == 2);
    young.end();
    Observe.until("all for the classic member", () -> back.has.size() == PARTITIONS);
    describe(admin, group + ", downgraded", full);
    fill(group + " third ", 20);
    Observe.until("the third records", () -> count(group + " third", back) == 20);
    back.end();
    Observe.say(group + ", seen in all", count(group, old, young, back));
    Observe.attempt(group + ", deleted", () -> admin.deleteConsumerGroups(List.of(full)).all().get());
  }

  private static Map<String, String> texts(Map<TopicPartition, OffsetAndMetadata> of) {
    Map<String, String> texts = new java.util.TreeMap<>();
    of.forEach((place, offset) -> texts.put(place.toString(), offset == null ? null
        : "after the beginning " + (offset.offset() > 0) + " epoch " + offset.leaderEpoch()));
    return texts;
  }

  private static int count(String prefix, Member... members) {
    int count = 0;
    for (Member member : members)
      synchronized (member.seen) {
        for (String value : member.seen) if (value.startsWith(prefix + " ")) count++;
      }
    return count;
  }

  private static List<String> listed(Admin admin, ListConsumerGroupsOptions options, String group) throws Exception {
    List<String> found = new ArrayList<>();
    admin.listConsumerGroups(options).all().get().stream().filter((g) -> g.groupId().equals(group))
        .forEach((g) -> found.add(g.groupState() + " " + g.type() + " " + g.isSimpleConsumerGroup()));
    return found;
  }

  private static void describe(Admin admin, String what, String group) {
    Observe.attempt(what, () -> {
      ConsumerGroupDescription found = null;
      // A group is reconciling until every member has said that it knows.
      for (int tries = 0; tries < 50; tries++) {
        found = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
        if (found.groupState() == GroupState.STABLE || found.groupState() == GroupState.EMPTY) break;
        Thread.sleep(20);
      }
      List<String> members = new ArrayList<>();
      for (MemberDescription member : found.members())
        members.add(member.host() + " " + member.groupInstanceId() + " "
            + Observe.sorted(member.assignment().topicPartitions()) + " target " + member.targetAssignment().isPresent()
            + " upgraded " + member.upgraded());
      return found.groupState() + " " + found.type() + " " + found.partitionAssignor() + " simple "
          + found.isSimpleConsumerGroup() + " by " + found.coordinator().id() + " " + Observe.sorted(members);
    });
  }

  /** A subscription that the broker works out. */
  private static void pattern() throws Exception {
    try (KafkaConsumer<String, String> consumer =
        Observe.consumer("group.id", Observe.topic("by-pattern"), "group.protocol", "consumer")) {
      consumer.subscribe(new SubscriptionPattern(Observe.name + "-(sha|nothing).*"));
      for (int tries = 0; tries < 200 && consumer.assignment().isEmpty(); tries++) consumer.poll(Duration.ofMillis(50));
      Observe.say("by a pattern", Observe.sorted(consumer.assignment()));
      consumer.unsubscribe();
      consumer.subscribe(new SubscriptionPattern("("));
      Observe.attempt("by a bad pattern", () -> {
        for (int tries = 0; tries < 100; tries++) consumer.poll(Duration.ofMillis(50));
        return consumer.assignment();
      });
    }
  }

  /** A static member that comes back keeps what it had. */
  private static void fixed(Admin admin, String group, String... more) throws Exception {
    List<String> properties = new ArrayList<>(List.of("group.instance.id", "always"));
    properties.addAll(List.of(more));
    Member first = new Member(group, properties.toArray(new String[0]));
    Observe.until("all of them", () -> first.has.size() == PARTITIONS);
    first.end();
    describe(admin, group + ", away", Observe.topic(group));
    Member second = new Member(group, properties.toArray(new String[0]));
    Observe.until("all of them", () -> second.has.size() == PARTITIONS);
    describe(admin, group + ", back", Observe.topic(group));
    second.end();
    Observe.attempt(group + ", put out", () -> admin.removeMembersFromConsumerGroup(Observe.topic(group),
        new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("always")))).all().get());
    Observe.attempt(group + ", put out twice", () -> admin.removeMembersFromConsumerGroup(Observe.topic(group),
        new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("always")))).all().get());
    describe(admin, group + ", without", Observe.topic(group));
  }

  private static void refusals() {
    for (String[] wrong : new String[][] {{"session.timeout.ms", "100", "heartbeat.interval.ms", "50"},
        {"session.timeout.ms", "9999999"}, {"group.protocol", "consumer", "group.remote.assignor", "nobody"}})
      Observe.attempt("refused " + wrong[0] + " " + wrong[1], () -> {
        List<String> properties = new ArrayList<>(List.of("group.id", Observe.topic("refused")));
        properties.addAll(List.of(wrong));
        try (KafkaConsumer<String, String> consumer = Observe.consumer(properties.toArray(new String[0]))) {
          consumer.subscribe(List.of(Observe.topic("shared")));
          for (int tries = 0; tries < 100; tries++) consumer.poll(Duration.ofMillis(50));
          return "in";
        }
      });
  }

  private static void offsets(Admin admin) throws Exception {
    String group = Observe.topic("offsets");
    TopicPartition one = new TopicPartition(Observe.topic("shared"), 1);
    TopicPartition two = new TopicPartition(Observe.topic("shared"), 2);
    Observe.attempt("offsets of no group",
        () -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get());
    Observe.attempt("delete no group", () -> admin.deleteConsumerGroups(List.of(group)).all().get());
    Observe.attempt("delete offsets of no group", () -> admin.deleteConsumerGroupOffsets(group, Set.of(one)).all().get());
    Observe.attempt("alter", () -> admin.alterConsumerGroupOffsets(group,
        Map.of(one, new OffsetAndMetadata(3, "noted"), two, new OffsetAndMetadata(4))).all().get());
    Observe.attempt("alter of no topic", () -> admin.alterConsumerGroupOffsets(group,
        Map.of(new TopicPartition("nowhere", 0), new OffsetAndMetadata(3))).all().get());
    Observe.attempt("too much metadata", () -> admin.alterConsumerGroupOffsets(group,
        Map.of(one, new OffsetAndMetadata(3, "x".repeat(5000)))).all().get());
    Observe.say("altered", new java.util.TreeMap<>(Map.copyOf(strings(
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get()))));
    describe(admin, "a group of offsets", group);
    Observe.attempt("delete offsets", () -> admin.deleteConsumerGroupOffsets(group, Set.of(two)).all().get());
    try (KafkaConsumer<String, String> consumer = Observe.consumer("group.id", group)) {
      Observe.say("committed", strings(consumer.committed(Set.of(one, two))));
      consumer.assign(List.of(one, two));
      Observe.say("begins at", consumer.position(one) + " " + consumer.position(two));
      consumer.commitSync(Map.of(two, new OffsetAndMetadata(9, "by hand")));
      Observe.attempt("commit of no partition", () -> {
        consumer.commitSync(Map.of(new TopicPartition(one.topic(), 77), new OffsetAndMetadata(9)),
            Duration.ofSeconds(2));
        return "committed";
      });
      Observe.say("committed", strings(consumer.committed(Set.of(one, two))));
    }
  }

  private static Map<String, String> strings(Map<TopicPartition, OffsetAndMetadata> of) {
    Map<String, String> texts = new java.util.TreeMap<>();
    of.forEach((place, offset) -> texts.put(place.toString(), String.valueOf(offset)));
    return texts;
  }
}
