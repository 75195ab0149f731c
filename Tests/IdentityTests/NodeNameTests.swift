import Identity
import Regions
import Testing

@Suite struct NodeNameTests {
  @Test(arguments: [
    ("liandong://lianyungang/city/lianyungang-shi", Tier.city),
    ("liandong://lianyungang/district/haizhou-qu", .district),
    ("liandong://-/township/a", .township),
    (
      "liandong://\(String(repeating: "d", count: 40))/township/"
        + String(repeating: "r", count: 40), .township
    ),
  ])
  func wellFormedURIIsReadAndWrittenBackUnchanged(uri: String, tier: Tier) throws {
    let name = try #require(NodeName(uri: uri))
    #expect(name.tier == tier)
    #expect(name.uri == uri)
  }

  @Test(arguments: [
    "", "liandong://", "liandong:///district/haizhou-qu", "liandong://lianyungang/district/",
    "liandong://lianyungang/district", "liandong://lianyungang/district/haizhou-qu/",
    "liandong://lianyungang/district/haizhou-qu/x", "liandong://lianyungang//haizhou-qu",
    "Liandong://lianyungang/district/haizhou-qu", "liandong://Lianyungang/district/haizhou-qu",
    "liandong://lianyungang/District/haizhou-qu", "liandong://lianyungang/district/Haizhou-qu",
    "liandong://lianyungang/county/haizhou-qu", "liandong://lianyungang/district/*",
    "liandong://lianyungang/district/-haizhou", "liandong://lianyungang/district/haizhou%2Dqu",
    "liandong://lianyungang/district/haizhou-qu?x", "liandong://lianyungang/district/haizhou-qu#",
    " liandong://lianyungang/district/haizhou-qu", "liandong://lianyungang/district/haizhou-qu\n",
    "liandong://lianyungang/district/haizhou-qu\0", "liandong://user@lianyungang/district/haizhou",
    "liandong://lianyungang:1/district/haizhou-qu", "liandong://连云港/district/haizhou-qu",
    "https://lianyungang/district/haizhou-qu",
    "liandong://\(String(repeating: "d", count: 41))/district/haizhou-qu",
    "liandong://lianyungang/district/\(String(repeating: "r", count: 41))",
  ])
  func illFormedURIIsRefused(uri: String) {
    #expect(NodeName(uri: uri) == nil)
  }

  @Test(arguments: [
    ("localhost", "localhost"), ("Hub.Example.CN", "hub.example.cn"), ("10.1.2.3", "10.1.2.3"),
    ("2001:DB8::1", "2001:db8::1"), ("::1", "::1"), ("xn--fiqs8s.cn", "xn--fiqs8s.cn"),
  ])
  func hostIsReadIntoItsOneForm(text: String, form: String) throws {
    #expect(try #require(HostName(text)).description == form)
  }

  @Test(arguments: [
    "", ".", "a..b", "a.", ".a", "-a.cn", "a-.cn", "a_b.cn", "*.cn", "中国.cn", "10.1.2",
    "10.1.2.300", "fe80::1%eth0", "a b", "a\0b", "1.2.3.4\0", String(repeating: "a", count: 64),
    String(repeating: "a.", count: 126) + "aa",
  ])
  func illFormedHostIsRefused(text: String) {
    #expect(HostName(text) == nil)
  }
}
