// franz-go: what kgo and kadm see, a line each.
//
//	scenario SERVERS NAME
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

const at = 1_700_000_000_000

var (
	servers string
	name    string
	ctx     = context.Background()
)

func main() {
	servers, name = os.Args[1], os.Args[2]
	var cancel context.CancelFunc
	ctx, cancel = context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	adm := kadm.NewClient(client())
	defer adm.Close()
	topics(adm)
	configs(adm)
	records()
	transactions(adm)
	consumeTransformProduce(adm)
	group(adm, "range", kgo.Balancers(kgo.RangeBalancer()))
	group(adm, "cooperative", kgo.Balancers(kgo.CooperativeStickyBalancer()))
	offsets(adm)
	security(adm)
	removal(adm)
}

func topic(of string) string { return name + "-" + of }

func say(what string, answer any) {
	text := strings.ReplaceAll(fmt.Sprintf("%s: %v", what, answer), name, "NAME")
	fmt.Println(strings.ReplaceAll(strings.ReplaceAll(text, servers, "ADDRESS"), "\n", "\\n"))
}

// The broker's error by name, or any other as it is.
func failure(err error) string {
	var known *kerr.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return fmt.Sprint(err)
}

func must[T any](answer T, err error) T {
	if err != nil {
		panic(err)
	}
	return answer
}

func client(more ...kgo.Opt) *kgo.Client {
	return must(kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(servers), kgo.MetadataMinAge(10 * time.Millisecond)}, more...)...))
}

// Waits until the broker knows of all that its controller has done: it hears of it in order, and after the answer.
func settle(adm *kadm.Client) {
	// When the second is there, all is done that the first brought along.
	for range 2 {
		marker := topic(fmt.Sprint("settled-", time.Now().UnixNano()))
		must(adm.CreateTopic(ctx, 1, 1, nil, marker))
		for !must(adm.ListTopics(ctx)).Has(marker) {
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func topics(adm *kadm.Client) {
	create := func(what string, partitions int32, replicas int16, configs map[string]*string, of ...string) {
		made := must(adm.CreateTopics(ctx, partitions, replicas, configs, of...))
		for _, one := range made.Sorted() {
			say(what, fmt.Sprint(one.Topic, " ", one.NumPartitions, " ", one.ReplicationFactor, " ", len(one.Configs), " ",
				failure(one.Err), " ", one.ErrMessage))
		}
	}
	create("create", 1, 1, nil, topic("go"))
	create("create", 1, 1, nil, topic("in"))
	create("create", 1, 1, nil, topic("out"))
	create("create", 4, 1, map[string]*string{"segment.bytes": kadm.StringPtr("2097152")}, topic("shared"))
	create("create again", 1, 1, nil, topic("go"))
	create("create by default", -1, -1, nil, topic("default"))
	create("create badly", 1, 1, map[string]*string{"retention.ms": kadm.StringPtr("soon")}, topic("bad"))
	create("create badly", 0, 1, nil, topic("bad"))
	create("create badly", 1, 5, nil, topic("bad"))
	settle(adm)
	for _, one := range must(adm.ListTopics(ctx, topic("shared"), topic("nothing"))).Sorted() {
		say("listed", fmt.Sprint(one.Topic, " ", len(one.Partitions), " ", one.IsInternal, " ", failure(one.Err)))
		for _, p := range one.Partitions.Sorted() {
			say("partition", fmt.Sprint(p.Partition, p.Leader, p.LeaderEpoch, p.Replicas, p.ISR, p.OfflineReplicas))
		}
	}
	for _, one := range must(adm.UpdatePartitions(ctx, 3, topic("go"))).Sorted() {
		say("partitions", failure(one.Err))
	}
	for _, one := range must(adm.UpdatePartitions(ctx, 2, topic("go"))).Sorted() {
		say("fewer partitions", fmt.Sprint(failure(one.Err), " ", one.ErrMessage))
	}
	brokers := must(adm.ListBrokers(ctx))
	say("brokers", fmt.Sprint(len(brokers), " ", brokers[0].NodeID))
}

func configs(adm *kadm.Client) {
	show := func(what string) {
		for _, resource := range must(adm.DescribeTopicConfigs(ctx, topic("default"), topic("nothing"))) {
			say(what, fmt.Sprint(resource.Name, " ", failure(resource.Err), " ", resource.ErrMessage))
			slices.SortFunc(resource.Configs, func(a, b kadm.Config) int { return strings.Compare(a.Key, b.Key) })
			for _, c := range resource.Configs {
				// A new Kafka cluster has it set for its eligible leader replicas.
				if c.Key != "min.insync.replicas" {
					say(what, fmt.Sprint(c.Key, "=", c.MaybeValue(), " ", c.Source, " ", len(c.Synonyms)))
				}
			}
		}
	}
	show("config")
	alter := func(key, value string, op kadm.IncrementalOp) {
		for _, one := range must(adm.AlterTopicConfigs(ctx, []kadm.AlterConfig{{Op: op, Name: key, Value: &value}}, topic("default"))) {
			say("alter "+key, fmt.Sprint(failure(one.Err), " ", one.ErrMessage))
		}
	}
	alter("retention.ms", "1000000", kadm.SetConfig)
	alter("cleanup.policy", "compact", kadm.AppendConfig)
	alter("nothing", "1", kadm.SetConfig)
	alter("retention.ms", "x", kadm.SetConfig)
	settle(adm)
	show("config then")
}

func records() {
	codecs := map[string]kgo.CompressionCodec{"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(),
		"snappy": kgo.SnappyCompression(), "lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression()}
	for _, codec := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		producer := client(kgo.ProducerBatchCompression(codecs[codec]), kgo.RecordPartitioner(kgo.ManualPartitioner()),
			kgo.ProducerLinger(20*time.Millisecond))
		made := []*kgo.Record{
			{Key: []byte("key " + codec), Value: []byte("väl✓ue"), Headers: []kgo.RecordHeader{{Key: "a", Value: []byte("1")}, {Key: "none"}}},
			{Key: nil, Value: nil},
			{Key: []byte(""), Value: []byte("")},
			{Key: []byte("large"), Value: []byte(strings.Repeat(codec, 50_000))},
		}
		for i, record := range made {
			record.Topic, record.Timestamp = topic("go"), time.UnixMilli(at+int64(i))
		}
		for _, result := range producer.ProduceSync(ctx, made...) {
			say("produced "+codec, fmt.Sprint(result.Record.Partition, " ", result.Record.Offset, " ", failure(result.Err)))
		}
		producer.Close()
	}
	for _, r := range readAll("go", 0, kgo.ReadUncommitted()) {
		value := fmt.Sprintf("%q", r.Value)
		if len(r.Value) > 100 {
			value = fmt.Sprint(len(r.Value))
		}
		say("read", fmt.Sprintf("%d @%d %q nil %v -> %s nil %v %v %d", r.Offset, r.Timestamp.UnixMilli(), r.Key, r.Key == nil, value,
			r.Value == nil, r.Headers, r.LeaderEpoch))
	}
	producer := client(kgo.RecordRetries(1), kgo.UnknownTopicRetries(0))
	defer producer.Close()
	say("to nothing", failure(producer.ProduceSync(ctx, &kgo.Record{Topic: "not/a name", Value: []byte("v")}).FirstErr()))
}

// Everything up to the end of the partition.
func readAll(of string, partition int32, level kgo.IsolationLevel) []*kgo.Record {
	adm := kadm.NewClient(client())
	defer adm.Close()
	ends := must(adm.ListEndOffsets(ctx, topic(of)))
	end, _ := ends.Lookup(topic(of), partition)
	consumer := client(kgo.FetchIsolationLevel(level), kgo.KeepControlRecords(), kgo.ConsumePartitions(
		map[string]map[int32]kgo.Offset{topic(of): {partition: kgo.NewOffset().AtStart()}}))
	defer consumer.Close()
	var seen []*kgo.Record
	for next := int64(0); next < end.Offset; {
		fetches := consumer.PollFetches(ctx)
		if err := fetches.Err0(); err != nil {
			panic(err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			next = r.Offset + 1
			seen = append(seen, r)
		})
	}
	return seen
}

func transactions(adm *kadm.Client) {
	producer := client(kgo.TransactionalID(topic("tx")), kgo.DefaultProduceTopic(topic("out")))
	defer producer.Close()
	end := func(word string, how kgo.TransactionEndTry) {
		if err := producer.BeginTransaction(); err != nil {
			panic(err)
		}
		for i := range 3 {
			result := producer.ProduceSync(ctx, kgo.StringRecord(fmt.Sprint(word, " ", i)))
			say(word, fmt.Sprint(result[0].Record.Offset, " ", failure(result[0].Err)))
		}
		if how == kgo.TryCommit {
			described(adm, word)
		}
		say(word, failure(producer.EndTransaction(ctx, how)))
	}
	end("committed", kgo.TryCommit)
	end("aborted", kgo.TryAbort)
	end("again", kgo.TryCommit)
	newer := client(kgo.TransactionalID(topic("tx")), kgo.DefaultProduceTopic(topic("out")))
	defer newer.Close()
	_, _, err := newer.ProducerID(ctx)
	say("the newer", failure(err))
	_ = producer.BeginTransaction()
	say("fenced", failure(producer.ProduceSync(ctx, kgo.StringRecord("late")).FirstErr()))
	readOut("committed", kgo.ReadCommitted())
	readOut("uncommitted", kgo.ReadUncommitted())
}

func readOut(what string, level kgo.IsolationLevel) {
	for _, r := range readAll("out", 0, level) {
		say("read "+what, fmt.Sprintf("%d %q control %v", r.Offset, r.Value, r.Attrs.IsControl()))
	}
}

func described(adm *kadm.Client, what string) {
	for _, one := range must(adm.DescribeTransactions(ctx, topic("tx"))).Sorted() {
		say(what, fmt.Sprint(one.State, " ", one.TimeoutMillis, " ", one.ProducerEpoch, " ", one.Topics.Sorted(), " ", failure(one.Err)))
	}
	for _, one := range must(adm.ListTransactions(ctx, nil, []string{"Ongoing"})).Sorted() {
		if one.TxnID == topic("tx") {
			say(what, one.State)
		}
	}
	producers := must(adm.DescribeProducers(ctx, kadm.TopicsSet{topic("out"): {0: struct{}{}}}))
	for _, one := range producers.SortedProducers() {
		say(what, fmt.Sprint(one.ProducerEpoch, " ", one.LastSequence, " ", one.CurrentTxnStartOffset))
	}
}

// Exactly once from topic to topic: franz-go's own way of it.
func consumeTransformProduce(adm *kadm.Client) {
	producer := client(kgo.DefaultProduceTopic(topic("in")))
	for i := range 10 {
		producer.ProduceSync(ctx, kgo.StringRecord(fmt.Sprint("in ", i)))
	}
	producer.Close()
	session := must(kgo.NewGroupTransactSession(kgo.SeedBrokers(servers), kgo.TransactionalID(topic("eos")),
		kgo.ConsumerGroup(topic("eos-group")), kgo.ConsumeTopics(topic("in")), kgo.DefaultProduceTopic(topic("out")),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.RequireStableFetchOffsets()))
	taken, attempts := 0, 0
	for taken < 10 {
		fetches := session.PollRecords(ctx, 4)
		if err := session.Begin(); err != nil {
			panic(err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			session.Produce(ctx, kgo.StringRecord(strings.ToUpper(string(r.Value))), nil)
		})
		// The first is aborted, and comes again.
		how := kgo.TransactionEndTry(attempts > 0)
		committed := must(session.End(ctx, how))
		if committed {
			taken += fetches.NumRecords()
		}
		attempts++
	}
	session.Close()
	say("taken", taken)
	found := must(adm.FetchOffsets(ctx, topic("eos-group")))
	for _, one := range found.Sorted() {
		say("committed", fmt.Sprint(one.Topic, " ", one.Partition, " ", one.At))
	}
	upper := 0
	for _, r := range readAll("out", 0, kgo.ReadCommitted()) {
		if strings.HasPrefix(string(r.Value), "IN ") {
			upper++
		}
	}
	say("transformed", upper)
}

type member struct {
	client *kgo.Client
	done   chan struct{}
	seen   chan string
	has    chan []int32
}

// A consumer that polls until it is ended; `has` gets what it was given whenever that changes.
func join(of string, more ...kgo.Opt) *member {
	m := &member{done: make(chan struct{}), seen: make(chan string, 1000), has: make(chan []int32, 100)}
	now := map[int32]bool{}
	tell := func() {
		var all []int32
		for p := range now {
			all = append(all, p)
		}
		slices.Sort(all)
		m.has <- all
	}
	gone := func(_ context.Context, _ *kgo.Client, taken map[string][]int32) {
		for _, p := range taken[topic("shared")] {
			delete(now, p)
		}
		tell()
	}
	m.client = client(append(more, kgo.ConsumerGroup(topic(of)), kgo.ConsumeTopics(topic("shared")),
		kgo.HeartbeatInterval(100*time.Millisecond), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.BlockRebalanceOnPoll(), kgo.OnPartitionsRevoked(gone), kgo.OnPartitionsLost(gone),
		kgo.OnPartitionsAssigned(func(_ context.Context, _ *kgo.Client, given map[string][]int32) {
			for _, p := range given[topic("shared")] {
				now[p] = true
			}
			tell()
		}))...)
	go func() {
		defer close(m.done)
		for {
			fetches := m.client.PollFetches(ctx)
			if fetches.IsClientClosed() {
				return
			}
			fetches.EachRecord(func(r *kgo.Record) { m.seen <- string(r.Value) })
			_ = m.client.CommitUncommittedOffsets(ctx)
			m.client.AllowRebalance()
		}
	}()
	return m
}

func (m *member) until(count int) []int32 {
	for has := range m.has {
		if len(has) == count {
			return has
		}
	}
	return nil
}

func (m *member) end() {
	m.client.CloseAllowingRebalance()
	<-m.done
}

func fill(prefix string) {
	producer := client(kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.DefaultProduceTopic(topic("shared")))
	defer producer.Close()
	for i := range 20 {
		record := kgo.StringRecord(fmt.Sprint(prefix, " ", i))
		record.Partition = int32(i % 4)
		producer.ProduceSync(ctx, record)
	}
}

func group(adm *kadm.Client, of string, more ...kgo.Opt) {
	one := join(of, more...)
	say(of+", first", one.until(4))
	fill(of + " first")
	take := func(count int, from ...*member) {
		for taken := 0; taken < count; {
			for _, m := range from {
				select {
				case value := <-m.seen:
					if strings.HasPrefix(value, of) {
						taken++
					}
				case <-time.After(10 * time.Millisecond):
				}
			}
		}
		say(of+", taken", count)
	}
	take(20, one)
	two := join(of, more...)
	halves := []string{fmt.Sprint(two.until(2)), fmt.Sprint(one.until(2))}
	slices.Sort(halves)
	say(of+", halves", halves)
	fill(of + " second")
	take(20, one, two)
	describe(adm, of)
	two.end()
	say(of+", all again", one.until(4))
	one.end()
	describe(adm, of)
	lags := must(adm.Lag(ctx, topic(of)))
	lags.Each(func(l kadm.DescribedGroupLag) { say(of+", lag", l.Lag.Total()) })
	for _, one := range must(adm.ListGroups(ctx)).Sorted() {
		if one.Group == topic(of) {
			say(of+", listed", fmt.Sprint(one.State, " ", one.ProtocolType))
		}
	}
}

func describe(adm *kadm.Client, of string) {
	for _, one := range must(adm.DescribeGroups(ctx, topic(of))).Sorted() {
		say(of+", described", fmt.Sprint(one.State, " ", one.ProtocolType, " ", one.Protocol, " ", len(one.Members), " ",
			one.Coordinator.NodeID, " ", failure(one.Err)))
	}
}

func offsets(adm *kadm.Client) {
	show := func(what string, found kadm.ListedOffsets, err error) {
		say(what, failure(err))
		for partition := range int32(3) {
			one, _ := found.Lookup(topic("go"), partition)
			say(what, fmt.Sprint(one.Partition, " ", one.Offset, " ", one.Timestamp, " ", one.LeaderEpoch, " ", failure(one.Err)))
		}
	}
	found, err := adm.ListStartOffsets(ctx, topic("go"))
	show("start", found, err)
	found, err = adm.ListEndOffsets(ctx, topic("go"))
	show("end", found, err)
	found, err = adm.ListCommittedOffsets(ctx, topic("go"))
	show("committed", found, err)
	found, err = adm.ListOffsetsAfterMilli(ctx, at+2, topic("go"))
	show("after", found, err)
	found, err = adm.ListMaxTimestampOffsets(ctx, topic("go"))
	show("maximum", found, err)
	wanted := kadm.Offsets{}
	wanted.Add(kadm.Offset{Topic: topic("go"), Partition: 0, At: 7, LeaderEpoch: 0, Metadata: "noted"})
	wanted.Add(kadm.Offset{Topic: topic("go"), Partition: 9, At: 7, LeaderEpoch: -1})
	committed := must(adm.CommitOffsets(ctx, topic("offsets"), wanted))
	for _, one := range committed.Sorted() {
		say("commit", fmt.Sprint(one.Partition, " ", failure(one.Err)))
	}
	fetched := must(adm.FetchOffsets(ctx, topic("offsets")))
	for _, one := range fetched.Sorted() {
		say("fetched", fmt.Sprint(one.Partition, " ", one.At, " ", one.LeaderEpoch, " ", one.Metadata))
	}
	gone := must(adm.DeleteRecords(ctx, kadm.Offsets{topic("go"): {0: {Topic: topic("go"), Partition: 0, At: 4},
		1: {Topic: topic("go"), Partition: 1, At: 50}}}))
	for _, one := range gone.Sorted() {
		say(fmt.Sprint("deleted ", one.Partition), fmt.Sprint(one.LowWatermark, " ", failure(one.Err)))
	}
	for _, ends := range must(adm.OffsetForLeaderEpoch(ctx, epochs())) {
		for _, one := range ends {
			say("end of the epoch", fmt.Sprint(one.Partition, " ", one.LeaderEpoch, " ", one.EndOffset, " ", failure(one.Err)))
		}
	}
}

func epochs() kadm.OffsetForLeaderEpochRequest {
	var request kadm.OffsetForLeaderEpochRequest
	request.Add(topic("go"), 0, 0)
	return request
}

func security(adm *kadm.Client) {
	user := topic("user")
	for _, one := range must(adm.AlterUserSCRAMs(ctx, nil, []kadm.UpsertSCRAM{{User: user, Mechanism: kadm.ScramSha256,
		Iterations: 5000, Password: "secret"}})).Sorted() {
		say("user", failure(one.Err))
	}
	settle(adm)
	for _, one := range must(adm.DescribeUserSCRAMs(ctx, user)).Sorted() {
		say("user", fmt.Sprint(one.CredInfos, " ", failure(one.Err)))
	}
	for _, one := range must(adm.AlterUserSCRAMs(ctx, []kadm.DeleteSCRAM{{User: user, Mechanism: kadm.ScramSha512}}, nil)).Sorted() {
		say("no such user", fmt.Sprint(failure(one.Err), " ", one.ErrMessage))
	}
	lists := kadm.NewACLs().Topics(topic("go")).ResourcePatternType(kadm.ACLPatternLiteral).Operations(kadm.OpRead).
		Allow("User:go").AllowHosts("*")
	for _, one := range must(adm.CreateACLs(ctx, lists)) {
		say("list made", fmt.Sprint(one.Name, " ", one.Operation, " ", one.Permission, " ", failure(one.Err)))
	}
	settle(adm)
	for _, found := range must(adm.DescribeACLs(ctx, lists)) {
		for _, one := range found.Described {
			say("list", fmt.Sprint(one.Principal, one.Host, one.Type, one.Name, one.Pattern, one.Operation, one.Permission))
		}
	}
	for _, gone := range must(adm.DeleteACLs(ctx, lists)) {
		say("lists deleted", len(gone.Deleted))
	}
}

func removal(adm *kadm.Client) {
	for _, of := range []string{"range", "nobody"} {
		for _, one := range must(adm.DeleteGroups(ctx, topic(of))) {
			say("group deleted", fmt.Sprint(one.Group, " ", failure(one.Err)))
		}
	}
	for _, of := range []string{"go", "nothing"} {
		for _, one := range must(adm.DeleteTopics(ctx, topic(of))) {
			say("deleted", fmt.Sprint(one.Topic, " ", failure(one.Err), " ", one.ErrMessage))
		}
	}
}
