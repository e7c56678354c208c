package millrace;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.api.dataview.ListView;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/** The functions of tests/conformance/process-tables.ts as Flink has them. */
public final class JudgedTables {
  private JudgedTables() {}

  @FunctionHint(output = @DataTypeHint("ROW<side STRING, id INT, lefts INT, rights INT, t BIGINT, mark BIGINT>"))
  public static class Told extends ProcessTableFunction<Row> {
    public void eval(
        Context ctx,
        @StateHint(name = "n", type = @DataTypeHint("ROW<l INT, r INT>")) Row n,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "l") Row left,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "r") Row right) {
      final TimeContext<Long> times = ctx.timeContext(Long.class);
      final Row row = left != null ? left : right;
      final String side = left != null ? "l" : "r";
      n.setField(side, n.getField(side) == null ? 1 : 1 + n.<Integer>getFieldAs(side));
      collect(Row.of(side, row.getField("id"), n.getField("l"), n.getField("r"), times.time(), times.currentWatermark()));
    }
  }

  @FunctionHint(output = @DataTypeHint("STRING"))
  public static class Gathered extends ProcessTableFunction<String> {
    public void eval(
        Context ctx,
        @StateHint(name = "ids") ListView<Integer> ids,
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.REQUIRE_ON_TIME},
                name = "a")
            Row a,
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.REQUIRE_ON_TIME},
                name = "b")
            Row b,
        @ArgumentHint(name = "word", isOptional = true) String word)
        throws Exception {
      final Row row = a != null ? a : b;
      final Integer id = row.getFieldAs("id");
      ids.add(a != null ? id : -id);
      ctx.timeContext(Long.class).registerOnTime(word == null ? "tell" : word, 1704153600000L);
    }

    public void onTimer(OnTimerContext ctx, ListView<Integer> ids) throws Exception {
      final List<Integer> all = new ArrayList<>();
      for (final Integer id : ids.get()) all.add(id);
      collect(ctx.currentTimer() + " " + all.stream().sorted().map(String::valueOf).collect(Collectors.joining(",")));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<s STRING, k STRING, n INT>"))
  public static class Three extends ProcessTableFunction<Row> {
    public void eval(
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.OPTIONAL_PARTITION_BY},
                name = "a")
            Row a,
        @ArgumentHint(name = "n") Integer n,
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.OPTIONAL_PARTITION_BY},
                name = "b")
            Row b,
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.OPTIONAL_PARTITION_BY},
                name = "c")
            Row c) {
      collect(Row.of((a == null ? "" : "a" + a.getField(0)) + (b == null ? "" : "b" + b.getField(0))
          + (c == null ? "" : "c" + c.getField(0)), "x", n));
    }
  }

  @FunctionHint(output = @DataTypeHint("STRING"))
  public static class Uneven extends ProcessTableFunction<String> {
    public void eval(
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "a") Row a,
        @ArgumentHint(value = ArgumentTrait.ROW_SEMANTIC_TABLE, name = "b") Row b) {
      collect("" + (a == null));
    }
  }

  @FunctionHint(output = @DataTypeHint("STRING"))
  public static class Passing extends ProcessTableFunction<String> {
    public void eval(
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.PASS_COLUMNS_THROUGH},
                name = "a")
            Row a,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "b") Row b) {
      collect("" + (a == null));
    }
  }

  @FunctionHint(output = @DataTypeHint("STRING"))
  public static class Half extends ProcessTableFunction<String> {
    public void eval(
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.REQUIRE_ON_TIME},
                name = "a")
            Row a,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "b") Row b) {
      collect((a == null ? "b" : "a") + (a == null ? b : a).getField("id"));
    }
  }
}
