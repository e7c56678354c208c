package millrace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.api.dataview.ListView;
import org.apache.flink.table.api.dataview.MapView;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/** The functions of tests/conformance/process-views.ts as Flink has them. */
public final class JudgedViews {
  private JudgedViews() {}

  @FunctionHint(output = @DataTypeHint("ROW<id INT, was STRING, removed BOOLEAN>"))
  public static class Listed extends ProcessTableFunction<Row> {
    public void eval(
        Context ctx,
        @StateHint(name = "seen", type = @DataTypeHint("ARRAY<ROW<id INT, k STRING>>")) ListView<Row> seen,
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.OPTIONAL_PARTITION_BY},
                name = "input")
            Row input)
        throws Exception {
      final Integer id = input.getFieldAs("id");
      final Integer v = input.getFieldAs("v");
      final Row row = Row.of(id, input.getField("k"));
      final List<String> was = new ArrayList<>();
      for (final Row each : seen.get()) was.add(each.getField(0) + "/" + each.getField(1));
      Boolean removed = null;
      if (v == null) seen.clear();
      else if (v == 8) removed = seen.remove(row);
      else if (v == 6) seen.addAll(Arrays.asList(row, Row.of(-id, null), row));
      else seen.add(row);
      if (v != null && v < 2) removed = seen.remove(row);
      if (v != null && v == 4) ctx.clearState("seen");
      collect(Row.of(id, String.join(" ", was), removed));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<id INT, n INT, keys STRING, has STRING>"))
  public static class Mapped extends ProcessTableFunction<Row> {
    public void eval(
        Context ctx,
        @StateHint(name = "per") MapView<String, Integer> per,
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.OPTIONAL_PARTITION_BY},
                name = "input")
            Row input)
        throws Exception {
      final Integer v = input.getFieldAs("v");
      final String key = v == null ? "none" : "v" + v % 3;
      final Integer n = per.get(key);
      final List<String> entries = new ArrayList<>();
      for (final Map.Entry<String, Integer> each : per.entries()) entries.add(each.getKey() + "=" + each.getValue());
      final List<String> keys = new ArrayList<>();
      for (final String each : per.keys()) keys.add("" + each);
      int sum = 0;
      for (final Integer each : per.values()) if (each != null) sum += each;
      final String has = per.contains(key) + " " + per.contains("none") + " " + per.isEmpty() + " " + sum + " "
          + keys.stream().sorted().collect(Collectors.joining(","));
      collect(Row.of(input.getField("id"), n, entries.stream().sorted().collect(Collectors.joining(" ")), has));
      if (v != null && v == 7) per.clear();
      else if (v != null && v == 0) per.remove("v2");
      else if (v != null && v == 3) {
        final Map<String, Integer> more = new HashMap<>();
        more.put("v0", 10);
        more.put("v1", 20);
        per.putAll(more);
      }
      else if (v != null && v == 4) per.put(key, null);
      else per.put(key, n == null ? 1 : n + 1);
      if (v != null && v == 1) per.remove("never");
    }
  }

  @FunctionHint(output = @DataTypeHint("STRING"))
  public static class Held extends ProcessTableFunction<String> {
    public void eval(
        Context ctx,
        @StateHint(name = "kept", type = @DataTypeHint("ROW<n INT>")) Row kept,
        @StateHint(name = "ids") ListView<Integer> ids,
        @StateHint(name = "last", type = @DataTypeHint("MAP<INT, ROW<id INT, t BIGINT>>")) MapView<Integer, Row> last,
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.REQUIRE_ON_TIME},
                name = "input")
            Row input)
        throws Exception {
      final TimeContext<Long> time = ctx.timeContext(Long.class);
      final Integer id = input.getFieldAs("id");
      kept.setField("n", kept.getField("n") == null ? 1 : 1 + kept.<Integer>getFieldAs("n"));
      ids.add(id);
      last.put(id % 2, Row.of(id, time.time()));
      time.registerOnTime("tell", time.time() + 10_000);
      if (id == 13) ctx.clearAllState();
    }

    public void onTimer(OnTimerContext ctx, Row kept, ListView<Integer> ids, MapView<Integer, Row> last)
        throws Exception {
      final List<String> all = new ArrayList<>();
      for (final Integer id : ids.get()) all.add("" + id);
      final Row even = last.get(0);
      final Row odd = last.get(1);
      collect(kept.getField("n") + " of " + String.join(",", all) + ": "
          + (even == null ? null : even.getField(0) + "@" + even.getField(1)) + " "
          + (odd == null ? null : odd.getField(0) + "@" + odd.getField(1)));
      ids.clear();
      last.remove(0);
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<id INT, has BOOLEAN>"))
  public static class NullKeyed extends ProcessTableFunction<Row> {
    public void eval(
        @StateHint(name = "per") MapView<Integer, Integer> per,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input)
        throws Exception {
      per.put(input.getFieldAs("v"), 1);
      collect(Row.of(input.getField("id"), per.contains(input.getFieldAs("v"))));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<id INT, n INT, one INT>"))
  public static class Lasting extends ProcessTableFunction<Row> {
    public void eval(
        @StateHint(name = "ids", ttl = "10 d") ListView<Integer> ids,
        @StateHint(name = "per", ttl = "10 d") MapView<Integer, Integer> per,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input)
        throws Exception {
      final Integer id = input.getFieldAs("id");
      int n = 0;
      for (final Integer each : ids.get()) n += each;
      collect(Row.of(id, n, per.get(id % 2)));
      ids.add(id);
      per.put(id % 2, id);
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<id INT, removed BOOLEAN>"))
  public static class Lost extends ProcessTableFunction<Row> {
    public void eval(
        @StateHint(name = "ids", ttl = "10 d") ListView<Integer> ids,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input)
        throws Exception {
      final Integer id = input.getFieldAs("id");
      ids.add(id);
      collect(Row.of(id, ids.remove(id)));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<id INT, n INT>"))
  public static class NullListed extends ProcessTableFunction<Row> {
    public void eval(
        @StateHint(name = "vs") ListView<Integer> vs,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input)
        throws Exception {
      vs.add(input.getFieldAs("v"));
      int n = 0;
      for (final Integer each : vs.get()) n++;
      collect(Row.of(input.getField("id"), n));
    }
  }
}
