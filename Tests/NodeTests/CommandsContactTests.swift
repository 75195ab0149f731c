import Foundation
import Ledger
import Node
import Regions
import Testing

/// A reporter's name and contact stay sealed.
@Suite(.timeLimit(.minutes(10))) struct CommandsContactTests {
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

  @Test func `what is sealed opens with its key, beside its own lead`() throws {
    let key = try #require(ContactKey([UInt8](repeating: 3, count: ContactKey.byteCount)))
    let other = try #require(ContactKey([UInt8](repeating: 5, count: ContactKey.byteCount)))
    let lead = EntityID(founding: Hash(of: [1]), milliseconds: 7)
    let contact = ContactSealer.Contact(
      name: "甲", contact: nil, extra: [.init(name: "备注", value: "夜间联系")])
    let sealed = try ContactSealer.seal(
      contact, of: lead, with: key, nonce: [UInt8](repeating: 4, count: 12))
    #expect(ContactSealer.open(sealed, of: lead, with: key) == contact)
    #expect(ContactSealer.open(sealed, of: lead, with: other) == nil)
    let another = EntityID(founding: Hash(of: [2]), milliseconds: 7)
    #expect(ContactSealer.open(sealed, of: another, with: key) == nil)
    for index in sealed.indices {
      var altered = sealed
      altered[index] ^= 1
      #expect(ContactSealer.open(altered, of: lead, with: key) == nil)
    }
    #expect("\(contact) \(key)" == "Contact ContactKey")
    var dumped = ""
    dump((contact, key), to: &dumped)
    #expect(!dumped.contains("甲") && !dumped.contains("3"))
  }
}
