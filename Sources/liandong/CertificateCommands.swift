import ArgumentParser
import Foundation
import Identity
import Node

/// `liandong cert`: certificates as people read them.
struct CertificateCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "cert", abstract: Text.certificateAbstract.help,
    subcommands: [CertificateShowCommand.self])
}

/// `liandong cert show [FILE]`: every certificate of a file, or of the node's own chain, which is
/// also judged.
struct CertificateShowCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: Text.certificateShowAbstract.help)

  @Argument(help: ArgumentHelp(Text.certificateFileHelp.help, valueName: "file"))
  var file: String?
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    let schema = "liandong.certificates/1"
    let file: String
    let certificates: [CertificateDescription]
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let home = common.home(in: context)
    let path = file ?? home.path(of: NodeKeyStore.File.chain)
    let chain: CertificateChain
    if file == nil {
      let credentials = try home.keyStore.load()
      if case .barred(let refusal) = credentials.certified.mayLink(
        at: context.now(), revoked: [])
      {
        context.output.note(.certificateRefused(refusal.message))
      }
      chain = credentials.chain
    } else {
      let text = try HomeFolder.readText(path, atMost: CertificateChain.maximumPEMSize)
      chain = try CertificateChain(pem: text)
    }
    let certificates = try chain.der.map { try CertificateDescription(der: $0) }
    guard !context.output.isJSON else {
      try context.output.json(Answer(file: path, certificates: certificates))
      return .good
    }
    for (index, certificate) in certificates.enumerated() {
      context.output.line(.certificateNumber(index + 1, of: certificates.count))
      for line in certificate.lines(in: context.language) { context.output.line("  " + line) }
    }
    return .good
  }
}
