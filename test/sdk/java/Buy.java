import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.DiscoverApi;
import org.openapitools.client.api.MeasureApi;
import org.openapitools.client.model.BodyMass;
import org.openapitools.client.model.BodyMassUnit;
import org.openapitools.client.model.ComputePowerRequest;
import org.openapitools.client.model.EvaluationContext;
import org.openapitools.client.model.Height;
import org.openapitools.client.model.HeightUnit;
import org.openapitools.client.model.MovementLine;
import org.openapitools.client.model.PaymentRequired;
import org.openapitools.client.model.Split;
import org.openapitools.client.model.SplitWork;
import org.openapitools.client.model.User;
import org.openapitools.client.model.UserHeight;

/** What the generated client sends, and what it does with what is typed. */
public final class Buy {
  private static final String URL = System.getenv("BASE_URL");

  private Buy() {}

  /** Buys one answer and prints it. */
  public static void main(String[] arguments) throws Exception {
    ApiClient client = new ApiClient().setBasePath(URL);
    MeasureApi measure = new MeasureApi(client);
    if (new DiscoverApi(client).getHealth().getStatus() == null) throw new AssertionError("no health");
    PaymentRequired offer = offer(measure);
    client.setApiKey("L402 " + offer.getMacaroon() + ":" + pay(offer.getInvoice()));
    double watts =
        measure
            .computePower(workout(), null, null, null)
            .getResults()
            .getSession()
            .getAveragePowerActive()
            .getValue()
            .doubleValue();
    if (!(watts > 0)) throw new AssertionError("there is no power in the answer");
    System.out.printf("bought %.1f W for %s US dollars%n", watts, offer.getPriceUsd());
  }

  /** The 402 of the first call, which is unpaid. */
  private static PaymentRequired offer(MeasureApi measure) throws Exception {
    try {
      measure.computePower(workout(), null, null, null);
    } catch (ApiException problem) {
      if (problem.getCode() != 402) throw problem;
      return PaymentRequired.fromJson(problem.getResponseBody());
    }
    throw new AssertionError("it was not sold");
  }

  private static ComputePowerRequest workout() {
    Height height = new Height().value(number(70)).unit(HeightUnit.IN);
    BodyMass bodyMass = new BodyMass().value(number(180)).unit(BodyMassUnit.LB);
    MovementLine pullUps = new MovementLine().movement("pull_up").reps(20);
    SplitWork work = new SplitWork().movements(List.of(pullUps));
    return new ComputePowerRequest()
        .athleteUuid(ATHLETE)
        .evaluationContext(EvaluationContext.HYPOTHETICAL)
        .durationSeconds(number(60))
        .user(new User().height(new UserHeight(height)).bodyMass(bodyMass))
        .splits(List.of(new Split().durationSeconds(number(60)).work(work)));
  }

  private static final String ATHLETE = UUID.randomUUID().toString();

  private static java.math.BigDecimal number(long value) {
    return java.math.BigDecimal.valueOf(value);
  }

  /** Pays an invoice with the development wallet and returns its preimage. */
  private static String pay(String invoice) throws Exception {
    JsonObject body = new JsonObject();
    body.addProperty("invoice", invoice);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(URL + "/dev/lightning/pay"))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    String answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    return JsonParser.parseString(answer).getAsJsonObject().get("preimage").getAsString();
  }
}
