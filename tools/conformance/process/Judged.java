package millrace;

import java.math.BigDecimal;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/** The functions of tests/conformance/process-functions.ts as Flink has them. */
public final class Judged {
  private Judged() {}

  @FunctionHint(output = @DataTypeHint("ROW<id INT, over DECIMAL(10, 2), note STRING>"))
  public static class Above extends ProcessTableFunction<Row> {
    public void eval(
        @ArgumentHint(value = ArgumentTrait.ROW_SEMANTIC_TABLE, name = "input") Row input,
        @ArgumentHint(name = "bound", type = @DataTypeHint("DECIMAL(10, 2)")) BigDecimal bound,
        @ArgumentHint(name = "note", isOptional = true) String note) {
      final Integer v = input.getFieldAs("v");
      if (v == null || bound == null) return;
      final BigDecimal over = new BigDecimal(v).subtract(bound).setScale(2);
      for (int times = 0; times < 2 && over.signum() >= 0; times++)
        collect(Row.of(input.getField("id"), over, note));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<id INT, n BIGINT, before INT, seen ARRAY<INT>>"))
  public static class Numbered extends ProcessTableFunction<Row> {
    public void eval(
        Context ctx,
        @StateHint(name = "kept", type = @DataTypeHint("ROW<n BIGINT, last INT, seen ARRAY<INT>>")) Row kept,
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.OPTIONAL_PARTITION_BY},
                name = "input")
            Row input) {
      final Long n = kept.getField("n") == null ? 1L : 1L + kept.<Long>getFieldAs("n");
      final Integer[] before = kept.getFieldAs("seen");
      final Integer[] seen = new Integer[before == null ? 1 : before.length + 1];
      if (before != null) System.arraycopy(before, 0, seen, 0, before.length);
      seen[seen.length - 1] = input.getFieldAs("id");
      collect(Row.of(input.getField("id"), n, kept.getField("last"), seen));
      kept.setField("n", n);
      kept.setField("last", input.getField("id"));
      kept.setField("seen", seen.length > 2 ? new Integer[] {seen[seen.length - 2], seen[seen.length - 1]} : seen);
      if (n == 3L) ctx.clearAllState();
    }
  }

  @FunctionHint(output = @DataTypeHint("STRING"))
  public static class Waits extends ProcessTableFunction<String> {
    public void eval(
        Context ctx,
        @StateHint(name = "kept", type = @DataTypeHint("ROW<n INT, k STRING>")) Row kept,
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.REQUIRE_ON_TIME},
                name = "input")
            Row input,
        @ArgumentHint(name = "wait") Integer wait) {
      final TimeContext<Long> time = ctx.timeContext(Long.class);
      final Integer v = input.getFieldAs("v");
      if (v == null) {
        ctx.clearAll();
        return;
      }
      kept.setField("n", kept.getField("n") == null ? 1 : 1 + kept.<Integer>getFieldAs("n"));
      kept.setField("k", input.getField("k"));
      time.registerOnTime("remind", time.time() + wait * 1000L);
      time.registerOnTime("forget", time.time() + 3L * wait * 1000L);
    }

    public void onTimer(OnTimerContext ctx, Row kept) {
      final TimeContext<Long> time = ctx.timeContext(Long.class);
      collect(ctx.currentTimer() + " " + kept.getField("k") + " of " + kept.getField("n"));
      if ("forget".equals(ctx.currentTimer())) ctx.clearAllState();
      else if ("remind".equals(ctx.currentTimer()) && Integer.valueOf(2).equals(kept.getField("n")))
        time.registerOnTime(time.time() + 1);
    }
  }

  @FunctionHint(output = @DataTypeHint("STRING"))
  public static class Alarms extends ProcessTableFunction<String> {
    public void eval(
        Context ctx,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input) {
      final TimeContext<Long> times = ctx.timeContext(Long.class);
      final long time = times.time();
      final Integer id = input.getFieldAs("id");
      if (id % 4 == 0) collect("row");
      times.registerOnTime(time - 60_000);
      times.registerOnTime(time + 5000);
      times.registerOnTime(time + 5000);
      times.registerOnTime("b", time + 5000);
      times.registerOnTime("a", time + 5000);
      times.registerOnTime(time + 6000);
      times.clearTimer(time + 6000);
      if (id % 3 == 0) times.clearTimer("a");
      if (id % 5 == 0) ctx.clearAllTimers();
    }

    public void onTimer(OnTimerContext ctx) {
      collect(String.valueOf(ctx.currentTimer()));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<id INT, delta INT>"))
  public static class Deltas extends ProcessTableFunction<Row> {
    public void eval(
        @StateHint(name = "kept", type = @DataTypeHint("ROW<last INT>")) Row kept,
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.PASS_COLUMNS_THROUGH},
                name = "input")
            Row input) {
      final Integer v = input.getFieldAs("v");
      final Integer last = kept.getFieldAs("last");
      collect(Row.of(-input.<Integer>getFieldAs("id"), last == null || v == null ? null : v - last));
      kept.setField("last", v);
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<id INT, t BIGINT, mark BIGINT>"))
  public static class Marks extends ProcessTableFunction<Row> {
    public void eval(
        Context ctx,
        @ArgumentHint(value = ArgumentTrait.ROW_SEMANTIC_TABLE, name = "input") Row input) {
      final TimeContext<Long> times = ctx.timeContext(Long.class);
      collect(Row.of(input.getField("id"), times.time(), times.currentWatermark()));
    }
  }

  private static final String ALL =
      "ROW<id INT, b BIGINT, d DOUBLE, s STRING, flag BOOLEAN, n ROW<a INT, c STRING>, xs ARRAY<INT>, m MAP<STRING, INT>, ts TIMESTAMP(3)>";

  @FunctionHint(output = @DataTypeHint(ALL))
  public static class Kept extends ProcessTableFunction<Row> {
    public void eval(
        @StateHint(name = "last", type = @DataTypeHint(ALL)) Row last,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input) {
      collect(Row.copy(last));
      for (final String name : new String[] {"id", "b", "d", "s", "flag", "n", "xs", "m", "ts"})
        last.setField(name, input.getField(name));
    }
  }

  @FunctionHint(output = @DataTypeHint("STRING"))
  public static class Chained extends ProcessTableFunction<String> {
    public void eval(
        Context ctx,
        @StateHint(name = "kept", type = @DataTypeHint("ROW<left INT>")) Row kept,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input,
        @ArgumentHint(name = "times", isOptional = true) Integer times) {
      final TimeContext<Long> time = ctx.timeContext(Long.class);
      kept.setField("left", times == null ? 1 : times);
      time.registerOnTime("next", time.time() + 1000);
      time.registerOnTime(time.time() + 1500);
    }

    public void onTimer(OnTimerContext ctx, Row kept) {
      final TimeContext<Long> time = ctx.timeContext(Long.class);
      final Integer left = kept.getFieldAs("left");
      collect(ctx.currentTimer() + " " + left + " " + time.time());
      if (ctx.currentTimer() == null || left == null) return;
      kept.setField("left", left - 1);
      if (left > 1) time.registerOnTime("next", time.time() + 1000);
    }
  }

  @FunctionHint(output = @DataTypeHint("STRING"))
  public static class Cleared extends ProcessTableFunction<String> {
    public void eval(
        Context ctx,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input) {
      final TimeContext<Long> time = ctx.timeContext(Long.class);
      time.registerOnTime("next", time.time() + 1000);
      time.registerOnTime(time.time() + 1500);
    }

    public void onTimer(OnTimerContext ctx) {
      collect(String.valueOf(ctx.currentTimer()));
      if (ctx.currentTimer() != null) ctx.clearAllTimers();
    }
  }
}
