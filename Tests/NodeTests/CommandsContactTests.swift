import Crypto
import Foundation
import Ledger
import Node
import Regions
import Testing

/// A reporter's name and contact stay sealed.
@Suite(.timeLimit(.minutes(2))) struct CommandsContactTests {
  private static let name = "王某某甲乙丙"
  private static let phone = "13900001234567"

  private static func report(at node: CommandsNode) async throws -> ActAnswer {
    var arguments = LeadReportArguments(channel: "phone")
    arguments.title = "焚烧垃圾"
    arguments.reporterName = name
    arguments.reporterContact = phone
    return try await node.commands.reportLead(arguments, by: CommandsNode.clerk())
  }

  /// All bytes of a node's folder.
  private static func bytes(of home: HomeLayout) throws -> Data {
    var all = Data()
    for file in try FileManager.default.subpathsOfDirectory(atPath: home.path) {
      var isFolder: ObjCBool = false
      let path = home.path(of: file)
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      all += try Data(contentsOf: URL(filePath: path))
    }
    return all
  }

  @Test func `name and contact stand nowhere in any node's files, the lead's title does`()
    async throws
  {
    let city = try CommandsCity()
    let (east, lake) = (try city.node("east"), try city.node("lake0"))
    _ = try await Self.report(at: lake)
    try lake.carry(to: east)
    for node in [lake, east] {
      let bytes = try Self.bytes(of: node.home)
      #expect(bytes.range(of: Data(Self.name.utf8)) == nil)
      #expect(bytes.range(of: Data(Self.phone.utf8)) == nil)
      #expect(bytes.range(of: Data("焚烧垃圾".utf8)) != nil)
    }
  }

  @Test func `the node and those above it open it, another node cannot`() async throws {
    let city = try CommandsCity()
    let (hub, east, lake, west) = (
      try city.node("hub"), try city.node("east"), try city.node("lake0"), try city.node("west")
    )
    // The district's key reaches the township with the first exchange.
    try east.carry(to: lake)
    let report = try await Self.report(at: lake)
    try lake.carry(to: east)
    try east.carry(to: hub)
    _ = try await hub.commands.dispatchLead(
      LeadDispatchArguments(lead: report.id, to: ["west"]), by: CommandsNode.clerk())
    try hub.carry(to: west)

    var asked = LeadShowArguments(lead: report.id)
    #expect(try lake.commands.showLead(asked).contact == nil)
    asked.contact = true
    for node in [lake, east, hub] {
      let shown = try node.commands.showLead(asked)
      #expect(shown.contactSealedTo == ["east", "hub", "lake0"])
      #expect(shown.contact?.name == Self.name)
      #expect(shown.contact?.contact == Self.phone)
    }
    // The contact's audience is its own region, so the other district does not even hold it.
    let elsewhere = try west.commands.showLead(asked)
    #expect(elsewhere.contact == nil)
    #expect(elsewhere.contactSealedTo.isEmpty)
  }

  @Test func `only the right key opens, and only beside its own lead`() throws {
    let region = try #require(RegionID("lake0"))
    let (own, other) = (
      Curve25519.KeyAgreement.PrivateKey(), Curve25519.KeyAgreement.PrivateKey()
    )
    let lead = EntityID(founding: Hash(of: [1]), milliseconds: 7)
    let contact = ContactSealer.Contact(
      name: "甲", contact: nil, extra: [.init(name: "备注", value: "夜间联系")])
    let sealed = try ContactSealer.seal(
      contact, of: lead,
      to: [.init(region: region, publicKey: Array(own.publicKey.rawRepresentation))],
      contentKey: [UInt8](repeating: 3, count: 32), nonce: [UInt8](repeating: 4, count: 12))
    #expect(ContactSealer.open(sealed, of: lead, by: region, with: own) == contact)
    #expect(ContactSealer.open(sealed, of: lead, by: region, with: other) == nil)
    let another = EntityID(founding: Hash(of: [2]), milliseconds: 7)
    #expect(ContactSealer.open(sealed, of: another, by: region, with: own) == nil)
    for index in sealed.indices.suffix(40) {
      var altered = sealed
      altered[index] ^= 1
      #expect(ContactSealer.open(altered, of: lead, by: region, with: own) == nil)
    }
    #expect("\(contact)" == "Contact")
    var dumped = ""
    dump(contact, to: &dumped)
    #expect(!dumped.contains("甲"))
  }
}
