import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaNormalization;

/** Apache Avro's own answers. A line in: {"reader": "…", "writer": "…"}; a line out: texts, forms, fingerprints, and why the
 *  reader cannot read what the writer wrote; or {"error": "…"}. */
public class AvroJudge {
  private static final ObjectMapper json = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    StringBuilder out = new StringBuilder();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.append(json.writeValueAsString(judge(json.readTree(line)))).append('\n');
    }
    System.out.write(out.toString().getBytes(StandardCharsets.UTF_8));
    System.out.flush();
  }

  private static ObjectNode judge(JsonNode pair) {
    ObjectNode answer = json.createObjectNode();
    try {
      Schema reader = new Schema.Parser().parse(pair.get("reader").asText());
      Schema writer = new Schema.Parser().parse(pair.get("writer").asText());
      answer.put("text", reader.toString());
      answer.put("form", SchemaNormalization.toParsingForm(reader));
      answer.put("rabin", String.format("%016x", SchemaNormalization.parsingFingerprint64(reader)));
      ArrayNode reasons = answer.putArray("reasons");
      for (SchemaCompatibility.Incompatibility i :
          SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult().getIncompatibilities()) {
        ObjectNode reason = reasons.addObject();
        reason.put("rule", i.getType().name());
        reason.put("about", i.getMessage());
        reason.put("path", i.getLocation());
      }
    } catch (Exception e) {
      answer.put("error", String.valueOf(e.getMessage()));
    }
    return answer;
  }
}
