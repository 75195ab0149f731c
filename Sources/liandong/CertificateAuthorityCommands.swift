import ArgumentParser
import Foundation
import Identity
import Node
import Regions

/// `liandong ca`: the municipal certificate authority.
struct CertificateAuthorityCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "ca", abstract: Text.authorityAbstract.help,
    subcommands: [AuthorityInitialiseCommand.self, AuthorityIssueCommand.self])
}

/// `liandong ca init`: root and issuing CA in a new folder.
struct AuthorityInitialiseCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: Text.authorityInitAbstract.help)

  @Option(help: ArgumentHelp(Text.outputFolderHelp.help, valueName: "dir"))
  var out: String
  @Option(
    help: ArgumentHelp(Text.deploymentHelp.help, valueName: "name"),
    transform: ArgumentReaders.deployment)
  var deployment: Deployment
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    let schema = "liandong.ca/1"
    let deployment: String
    let folder: String
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var generator = SystemRandomNumberGenerator()
    _ = try CertificateAuthority.initialise(
      deployment: deployment, at: out, now: context.now(), serialsFrom: &generator)
    if context.output.isJSON {
      try context.output.json(Answer(deployment: deployment.rawValue, folder: out))
    } else {
      context.output.line(.authorityMade(out, deployment: deployment.rawValue))
    }
    return .good
  }
}

/// `liandong ca issue REGION`: a node's certificate, for a key made here or on the node.
struct AuthorityIssueCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue", abstract: Text.authorityIssueAbstract.help)

  @OptionGroup var node: CertifiedNodeOptions
  @Option(help: ArgumentHelp(Text.authorityFolderHelp.help, valueName: "dir"))
  var ca: String
  @Option(
    help: ArgumentHelp(Text.deploymentHelp.help, valueName: "name"),
    transform: ArgumentReaders.deployment)
  var deployment: Deployment?
  @Option(help: ArgumentHelp(Text.requestHelp.help, valueName: "file"))
  var csr: String?
  @Option(help: ArgumentHelp(Text.outputFolderHelp.help, valueName: "dir"))
  var out: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    let schema = "liandong.certificate/1"
    let folder: String
    let certificate: CertificateDescription
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let authority = try CertificateAuthority.load(at: ca)
    let name = node.name(in: deployment ?? authority.deployment)
    let chain =
      try csr.map { try answer($0, name, authority, context) }
      ?? issueWithNewKey(name, authority, context)
    let description = try CertificateDescription(der: chain.der[0])
    if context.output.isJSON {
      try context.output.json(Answer(folder: out, certificate: description))
    } else {
      context.output.line(.issued(name.uri, path: out, until: description.notAfter))
    }
    return .good
  }

  private func answer(
    _ file: String, _ name: NodeName, _ authority: CertificateAuthority, _ context: CommandContext
  ) throws -> CertificateChain {
    let text = try InputFile(path: file).text(atMost: NodeSigningRequest.maximumSize)
    let request: NodeSigningRequest
    do {
      request = try NodeSigningRequest(pem: text)
    } catch let error as IdentityError where error.code == .malformed {
      throw CommandFailure(.badData, code: "malformed", .badInput("\(file): \(error)"))
    }
    var generator = SystemRandomNumberGenerator()
    let chain = try authority.issue(
      to: name, answering: request, hosts: node.hosts, now: context.now(), serialFrom: &generator)
    let folder = HomeFolder(path: HomeLayout(path: out).path)
    try folder.createIfAbsent()
    try folder.createFile(NodeKeyStore.File.chain, chain.pem, readers: .everybody)
    if !folder.holds(NodeKeyStore.File.roots) {
      try folder.createFile(NodeKeyStore.File.roots, authority.roots.pem, readers: .everybody)
    }
    return chain
  }

  private func issueWithNewKey(
    _ name: NodeName, _ authority: CertificateAuthority, _ context: CommandContext
  ) throws -> CertificateChain {
    let key = NodeKey.generate()
    var generator = SystemRandomNumberGenerator()
    // Signed first: a refusal leaves no key behind.
    let chain = try authority.issue(
      to: name, publicKey: key.publicKey, hosts: node.hosts, now: context.now(),
      serialFrom: &generator)
    try HomeFolder(path: HomeLayout(path: out).path).createIfAbsent()
    let store = NodeKeyStore(path: out)
    try store.createKey(key)
    try store.install(chain, roots: authority.roots)
    return chain
  }
}
