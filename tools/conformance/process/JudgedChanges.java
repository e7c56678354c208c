package millrace;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.functions.ChangelogFunction;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/** The functions of tests/conformance/process-changes.ts as Flink has them. */
public final class JudgedChanges {
  private JudgedChanges() {}

  private static Row told(Row input) {
    final List<String> cells = new ArrayList<>();
    for (int i = 0; i < input.getArity(); i++) cells.add(String.valueOf(input.getField(i)));
    return Row.of(input.getKind().shortString(), String.join(",", cells));
  }

  @FunctionHint(output = @DataTypeHint("ROW<kind STRING, line STRING>"))
  public static class Kinds extends ProcessTableFunction<Row> {
    public void eval(
        Context ctx,
        @ArgumentHint(
                value = {
                  ArgumentTrait.SET_SEMANTIC_TABLE,
                  ArgumentTrait.OPTIONAL_PARTITION_BY,
                  ArgumentTrait.SUPPORT_UPDATES
                },
                name = "input")
            Row input) {
      collect(told(input));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<kind STRING, line STRING>"))
  public static class KindsBefore extends ProcessTableFunction<Row> {
    public void eval(
        @ArgumentHint(
                value = {
                  ArgumentTrait.SET_SEMANTIC_TABLE,
                  ArgumentTrait.SUPPORT_UPDATES,
                  ArgumentTrait.REQUIRE_UPDATE_BEFORE
                },
                name = "input")
            Row input) {
      collect(told(input));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<kind STRING, line STRING>"))
  public static class KindsFull extends ProcessTableFunction<Row> {
    public void eval(
        @ArgumentHint(
                value = {
                  ArgumentTrait.SET_SEMANTIC_TABLE,
                  ArgumentTrait.SUPPORT_UPDATES,
                  ArgumentTrait.REQUIRE_FULL_DELETE
                },
                name = "input")
            Row input) {
      collect(told(input));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<kind STRING, line STRING>"))
  public static class KindsEach extends ProcessTableFunction<Row> {
    public void eval(
        @ArgumentHint(
                value = {ArgumentTrait.ROW_SEMANTIC_TABLE, ArgumentTrait.SUPPORT_UPDATES},
                name = "input")
            Row input) {
      collect(told(input));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<a STRING, b STRING>"))
  public static class KindsOfTwo extends ProcessTableFunction<Row> {
    public void eval(
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.SUPPORT_UPDATES},
                name = "a")
            Row a,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "b") Row b) {
      collect(Row.of(a == null ? null : a.getKind().shortString() + a.getField(0), b == null ? null : b.getKind().shortString() + b.getField(0)));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<total INT, n INT>"))
  public static class Totals extends ProcessTableFunction<Row> implements ChangelogFunction {
    @Override
    public ChangelogMode getChangelogMode(ChangelogContext context) {
      final ChangelogMode required = context.getRequiredChangelogMode();
      return required.contains(RowKind.UPDATE_BEFORE) ? ChangelogMode.all() : ChangelogMode.upsert(required.keyOnlyDeletes());
    }

    public void eval(
        Context ctx,
        @StateHint(name = "kept", type = @DataTypeHint("ROW<total INT, n INT>")) Row kept,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input) {
      final Integer v = input.getFieldAs("v");
      final boolean retracts = ctx.getChangelogMode().contains(RowKind.UPDATE_BEFORE);
      final Integer total = kept.getFieldAs("total");
      final Integer n = kept.getFieldAs("n");
      if (v == null) {
        if (total != null) {
          collect(
              ctx.getChangelogMode().keyOnlyDeletes()
                  ? Row.ofKind(RowKind.DELETE, null, null)
                  : Row.ofKind(RowKind.DELETE, total, n));
          ctx.clearAllState();
        }
        return;
      }
      final int next = (total == null ? 0 : total) + v;
      final int count = (n == null ? 0 : n) + 1;
      if (total == null) collect(Row.of(next, count));
      else {
        if (retracts) collect(Row.ofKind(RowKind.UPDATE_BEFORE, total, n));
        collect(Row.ofKind(RowKind.UPDATE_AFTER, next, count));
      }
      kept.setField("total", next);
      kept.setField("n", count);
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<line STRING>"))
  public static class Mirrored extends ProcessTableFunction<Row> implements ChangelogFunction {
    @Override
    public ChangelogMode getChangelogMode(ChangelogContext context) {
      return ChangelogMode.all();
    }

    public void eval(
        @ArgumentHint(
                value = {
                  ArgumentTrait.SET_SEMANTIC_TABLE,
                  ArgumentTrait.SUPPORT_UPDATES,
                  ArgumentTrait.REQUIRE_UPDATE_BEFORE
                },
                name = "input")
            Row input) {
      final Row told = told(input);
      collect(Row.ofKind(input.getKind(), told.getField(1)));
    }
  }

  public abstract static class Latest extends ProcessTableFunction<Row> implements ChangelogFunction {
    protected final void latest(Row last, Row input, Context ctx, boolean keyOnly) {
      final Integer v = input.getFieldAs("v");
      if (v == null) {
        if (last.getField("v") != null)
          collect(Row.ofKind(RowKind.DELETE, keyOnly ? null : last.getField("v")));
        ctx.clearAllState();
        return;
      }
      collect(Row.ofKind(last.getField("v") == null ? RowKind.INSERT : RowKind.UPDATE_AFTER, v));
      last.setField("v", v);
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<v INT>"))
  public static class Upserted extends Latest {
    @Override
    public ChangelogMode getChangelogMode(ChangelogContext context) {
      return ChangelogMode.upsert();
    }

    public void eval(
        Context ctx,
        @StateHint(name = "last", type = @DataTypeHint("ROW<v INT>")) Row last,
        @ArgumentHint(
                value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.OPTIONAL_PARTITION_BY},
                name = "input")
            Row input) {
      latest(last, input, ctx, true);
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<v INT>"))
  public static class UpsertedFull extends Latest {
    @Override
    public ChangelogMode getChangelogMode(ChangelogContext context) {
      return ChangelogMode.upsert(false);
    }

    public void eval(
        Context ctx,
        @StateHint(name = "last", type = @DataTypeHint("ROW<v INT>")) Row last,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input) {
      latest(last, input, ctx, false);
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<v INT>"))
  public static class Vanishing extends ProcessTableFunction<Row> implements ChangelogFunction {
    @Override
    public ChangelogMode getChangelogMode(ChangelogContext context) {
      return ChangelogMode.newBuilder().addContainedKind(RowKind.INSERT).addContainedKind(RowKind.DELETE).build();
    }

    public void eval(
        @StateHint(name = "last", type = @DataTypeHint("ROW<v INT>")) Row last,
        @ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input) {
      if (last.getField("v") != null) collect(Row.ofKind(RowKind.DELETE, last.getField("v")));
      if (input.getField("v") != null) collect(Row.of(input.getField("v")));
      last.setField("v", input.getField("v"));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<v INT>"))
  public static class EachChange extends ProcessTableFunction<Row> implements ChangelogFunction {
    @Override
    public ChangelogMode getChangelogMode(ChangelogContext context) {
      return ChangelogMode.all();
    }

    public void eval(@ArgumentHint(value = ArgumentTrait.ROW_SEMANTIC_TABLE, name = "input") Row input) {
      collect(Row.of(input.getField("v")));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<v INT>"))
  public static class Undeclared extends ProcessTableFunction<Row> {
    public void eval(@ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input) {
      collect(Row.ofKind(RowKind.DELETE, input.getField("v")));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<v INT>"))
  public static class Unkept extends ProcessTableFunction<Row> implements ChangelogFunction {
    @Override
    public ChangelogMode getChangelogMode(ChangelogContext context) {
      return ChangelogMode.newBuilder().addContainedKind(RowKind.INSERT).addContainedKind(RowKind.DELETE).build();
    }

    public void eval(@ArgumentHint(value = ArgumentTrait.SET_SEMANTIC_TABLE, name = "input") Row input) {
      collect(Row.ofKind(RowKind.UPDATE_AFTER, input.getField("v")));
    }
  }

  @FunctionHint(output = @DataTypeHint("ROW<kind STRING>"))
  public static class PassingChanges extends ProcessTableFunction<Row> {
    public void eval(
        @ArgumentHint(
                value = {
                  ArgumentTrait.SET_SEMANTIC_TABLE,
                  ArgumentTrait.SUPPORT_UPDATES,
                  ArgumentTrait.PASS_COLUMNS_THROUGH
                },
                name = "input")
            Row input) {
      collect(Row.of(input.getKind().shortString()));
    }
  }
}
