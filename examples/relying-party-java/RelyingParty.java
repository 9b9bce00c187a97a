// A relying party in Java 17, without a library: it asks for a card, and knows who came.
//
//   java RelyingParty.java
//
// Settings come from the environment, under the names of the town's env file (docs/integrate.md):
// JPKI_AUTHORITY_URL, JPKI_CARD_URL, JPKI_BANK_VERIFIER_KEY, and PORT for itself.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.Extension;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class RelyingParty {
  static final String AUTHORITY = System.getenv("JPKI_AUTHORITY_URL");
  static final String CARD = System.getenv("JPKI_CARD_URL");
  static final String KEY = System.getenv("JPKI_BANK_VERIFIER_KEY");
  static final int PORT = Integer.parseInt(System.getenv().getOrDefault("PORT", "9000"));
  static final String ORIGIN = "http://127.0.0.1:" + PORT;
  static final String POLICY = "1.2.392.200149.8.5.1.3.30"; // user authentication (利用者証明用)
  static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  static final int MOST = 1 << 16; // octets of a form, and challenges that wait

  static final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  static final SecureRandom random = new SecureRandom();
  static final Map<String, String> challenges = new ConcurrentHashMap<>(); // cookie: nonce, taken once
  static final Map<String, Integer> visits = new ConcurrentHashMap<>(); // serial number: how often its holder came
  static X509Certificate ca;

  static byte[] get(String address) throws IOException {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(10)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  static X509Certificate certificate(byte[] octets) throws GeneralSecurityException {
    return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(octets));
  }

  // member reads a member of a flat JSON object whose values are strings without escapes, as tokens have.
  static String member(String json, String name) throws GeneralSecurityException {
    Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"\\\\]*)\"").matcher(json);
    if (!found.find()) {
      throw new GeneralSecurityException("no " + name);
    }
    return found.group(1);
  }

  // townTime is the town's clock, which a demonstration moves. In production this is the wall clock.
  static Date townTime() throws IOException, GeneralSecurityException {
    String now = member(new String(get(AUTHORITY + "/clock"), StandardCharsets.UTF_8), "now");
    return Date.from(OffsetDateTime.parse(now).toInstant());
  }

  // nonce is the extension of RFC 9654 for a question of its own.
  static Extension nonce() {
    byte[] value = new byte[34];
    random.nextBytes(value);
    value[0] = 0x04;
    value[1] = 32;
    return new Extension() {
      public String getId() {
        return "1.3.6.1.5.5.7.48.1.2";
      }

      public boolean isCritical() {
        return false;
      }

      public byte[] getValue() {
        return value.clone();
      }

      public void encode(java.io.OutputStream out) throws IOException {
        byte[] oid = {0x06, 0x09, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02};
        out.write(new byte[] {0x30, (byte) (oid.length + 2 + value.length)});
        out.write(oid);
        out.write(new byte[] {0x04, (byte) value.length});
        out.write(value);
      }
    };
  }

  // check makes sure that a certificate is the CA's, for user authentication, and good at a time. No answer
  // about the status is an exception, too.
  static void check(X509Certificate certificate, Date at) throws GeneralSecurityException {
    boolean[] usage = certificate.getKeyUsage();
    List<String> purposes = certificate.getExtendedKeyUsage();
    if (certificate.getBasicConstraints() >= 0 || usage == null || !usage[0] || usage[1]
        || purposes != null && !purposes.contains(CLIENT_AUTH)) {
      throw new GeneralSecurityException("not a certificate for user authentication");
    }
    CertPathValidator validator = CertPathValidator.getInstance("PKIX");
    PKIXRevocationChecker status = (PKIXRevocationChecker) validator.getRevocationChecker();
    status.setOptions(EnumSet.of(PKIXRevocationChecker.Option.ONLY_END_ENTITY, PKIXRevocationChecker.Option.NO_FALLBACK));
    status.setOcspResponder(URI.create(AUTHORITY + "/ocsp/user-authentication/key/" + KEY));
    status.setOcspExtensions(List.of(nonce()));
    PKIXParameters how = new PKIXParameters(Set.of(new TrustAnchor(ca, null)));
    how.setDate(at);
    how.setInitialPolicies(Set.of(POLICY));
    how.setExplicitPolicyRequired(true);
    how.setPolicyQualifiersRejected(false); // the profile's policies carry the address of the CPS, and are critical
    how.addCertPathChecker(status);
    validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), how);
  }

  // verify gives the serial number of whoever signed a nonce for this page with a card that is good now.
  static String verify(String token, String nonce) throws IOException, GeneralSecurityException {
    if (!member(token, "algorithm").equals("RS256") || !member(token, "format").equals("web-eid:1.0")) {
      throw new GeneralSecurityException("another format");
    }
    X509Certificate certificate = certificate(Base64.getDecoder().decode(member(token, "unverifiedCertificate")));
    check(certificate, townTime());
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(certificate.getPublicKey());
    for (String part : List.of(ORIGIN, nonce)) {
      signature.update(MessageDigest.getInstance("SHA-256").digest(part.getBytes(StandardCharsets.UTF_8)));
    }
    if (!signature.verify(Base64.getDecoder().decode(member(token, "signature")))) {
      throw new GeneralSecurityException("not signed for this page and this challenge");
    }
    return certificate.getSerialNumber().toString(16).toUpperCase();
  }

  static void answer(HttpExchange to, int status, String body) throws IOException {
    byte[] page = ("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Java</title>" + body + "</html>").getBytes(StandardCharsets.UTF_8);
    to.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    to.getResponseHeaders().set("Referrer-Policy", "strict-origin");
    to.sendResponseHeaders(status, page.length);
    try (var out = to.getResponseBody()) {
      out.write(page);
    }
  }

  static void ask(HttpExchange to) throws IOException {
    byte[] cookie = new byte[24];
    byte[] fresh = new byte[33];
    random.nextBytes(cookie);
    random.nextBytes(fresh);
    String id = Base64.getUrlEncoder().encodeToString(cookie);
    String nonce = Base64.getEncoder().encodeToString(fresh);
    if (challenges.size() >= MOST) {
      challenges.keySet().stream().findAny().ifPresent(challenges::remove);
    }
    challenges.put(id, nonce);
    to.getResponseHeaders().set("Set-Cookie", "challenge=" + id + "; HttpOnly; SameSite=Lax; Path=/");
    answer(to, 200, """
        <h1>Sign in</h1><script src="%1$s/card.js"></script>
        <form method="post" action="/signin" data-jpki="authenticate" data-jpki-agent="%1$s" data-jpki-nonce="%2$s" data-jpki-field="token">
        <input type="hidden" name="token"><button data-testid="signin">Sign in with your card</button><p role="status" data-jpki-message></p></form>
        """.formatted(CARD, nonce));
  }

  static void signIn(HttpExchange to) throws IOException {
    byte[] sent = to.getRequestBody().readNBytes(MOST);
    String token = Arrays.stream(new String(sent, StandardCharsets.UTF_8).split("&")).filter(f -> f.startsWith("token="))
        .map(f -> URLDecoder.decode(f.substring(6), StandardCharsets.UTF_8)).findFirst().orElse("");
    Matcher cookie = Pattern.compile("(?:^|;\\s*)challenge=([^;]*)").matcher(String.valueOf(to.getRequestHeaders().getFirst("Cookie")));
    String nonce = cookie.find() ? challenges.remove(cookie.group(1)) : null;
    try {
      if (nonce == null) {
        throw new GeneralSecurityException("no challenge was given here");
      }
      int visit = visits.merge(verify(token, nonce), 1, Integer::sum);
      answer(to, 200, "<h1>Welcome, on your visit " + visit + "</h1>");
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      System.err.println(e);
      answer(to, 403, "<h1 class=\"refusal\">This card is not accepted</h1><a href=\"/\">Try again</a>");
    }
  }

  public static void main(String[] args) throws Exception {
    ca = certificate(get(AUTHORITY + "/ca/user-authentication.pem"));
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", PORT), 0);
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.createContext("/", to -> {
      switch (to.getRequestMethod() + " " + to.getRequestURI().getPath()) {
        case "GET /" -> ask(to);
        case "POST /signin" -> signIn(to);
        default -> answer(to, 404, "<h1>Nothing is here</h1>");
      }
    });
    server.start();
  }
}
