package millrace;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.functions.PredictFunction;
import org.apache.flink.table.ml.AsyncPredictRuntimeProvider;
import org.apache.flink.table.ml.ModelProvider;
import org.apache.flink.table.ml.PredictRuntimeProvider;

/** The models of tests/conformance/prediction-functions.ts as Flink has them: 'provider' = 'judged', 'function' = name. */
public final class Predicted implements ModelProviderFactory {
  private static final ConfigOption<String> FUNCTION =
      ConfigOptions.key("function").stringType().noDefaultValue();

  @Override
  public String factoryIdentifier() {
    return "judged";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(FUNCTION);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public ModelProvider createModelProvider(Context context) {
    final FactoryUtil.ModelProviderFactoryHelper helper =
        FactoryUtil.createModelProviderFactoryHelper(this, context);
    helper.validate();
    return new Both(helper.getOptions().get(FUNCTION));
  }

  private static final class Both implements PredictRuntimeProvider, AsyncPredictRuntimeProvider {
    private final String name;

    Both(String name) {
      this.name = name;
    }

    @Override
    public PredictFunction createPredictFunction(ModelProvider.Context context) {
      return new OneByOne(name);
    }

    @Override
    public AsyncPredictFunction createAsyncPredictFunction(ModelProvider.Context context) {
      return new Together(name);
    }

    @Override
    public ModelProvider copy() {
      return new Both(name);
    }
  }

  public static final class OneByOne extends PredictFunction {
    private final String name;

    public OneByOne(String name) {
      this.name = name;
    }

    @Override
    public Collection<RowData> predict(RowData row) {
      return answer(name, row);
    }
  }

  public static final class Together extends AsyncPredictFunction {
    private final String name;

    public Together(String name) {
      this.name = name;
    }

    @Override
    public CompletableFuture<Collection<RowData>> asyncPredict(RowData row) {
      return CompletableFuture.supplyAsync(() -> answer(name, row));
    }
  }

  private static Collection<RowData> answer(String name, RowData row) {
    switch (name) {
      case "measure":
        return List.of(
            GenericRowData.of(
                row.isNullAt(0) ? null : row.getInt(0) * 2L,
                row.isNullAt(1) ? null : StringData.fromString(row.getString(1) + "!")));
      case "wide":
        return List.of(
            GenericRowData.of(
                row.isNullAt(0) ? null : row.getLong(0) * 2,
                row.isNullAt(1) ? null : StringData.fromString(row.getString(1) + "!")));
      case "repeated":
        {
          final List<RowData> rows = new ArrayList<>();
          final int n = row.isNullAt(0) ? 0 : row.getInt(0);
          for (int i = 0; i < n; i++)
            rows.add(GenericRowData.of(i, StringData.fromString(i + " of " + n)));
          return rows;
        }
      case "kinds":
        return List.of(
            GenericRowData.of(
                row.isNullAt(0) ? null : row.getDecimal(0, 10, 2),
                row.isNullAt(1) ? null : row.getTimestamp(1, 3),
                !row.isNullAt(2) && row.getBoolean(2),
                row.isNullAt(3) ? null : row.getArray(3)));
      default:
        throw new IllegalArgumentException("no function " + name);
    }
  }
}
