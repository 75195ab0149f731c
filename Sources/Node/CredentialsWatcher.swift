import Identity
import Logging
import ServiceLifecycle
import Transport

/// Puts a renewed certificate and changed roots in force without a restart: new connections use them,
/// open ones stay.
struct CredentialsWatcher: Service {
  private static let interval = Duration.seconds(5)

  let core: NodeCore
  let credentials: LinkCredentials

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var check = CredentialsCheck(core: core, credentials: credentials)
      while !Task.isCancelled {
        // Cancelled is as good as slept: the loop looks at it next.
        try? await Task.sleep(for: Self.interval)
        if !Task.isCancelled { check.run() }
      }
    }
  }
}

/// Looks at a node's folder again and again, and says each thing that is wrong with it once.
struct CredentialsCheck {
  private let core: NodeCore
  private let credentials: LinkCredentials
  private var lastFault: String?

  init(core: NodeCore, credentials: LinkCredentials) {
    self.core = core
    self.credentials = credentials
  }

  /// Reads the folder once and puts what is new and good in force.
  mutating func run() {
    do {
      let found = try core.credentials.load()
      let current = credentials.current
      guard found.chain != current.chain || found.roots.der != current.roots.der else {
        lastFault = nil
        return
      }
      guard found.certified.name == core.name else {
        report("it is for another node, \(found.certified.name)")
        return
      }
      try credentials.replace(with: found)
      core.judge.replace(with: found.roots)
      lastFault = nil
      core.logger.notice(
        "a renewed certificate is in force",
        metadata: ["not_after": "\(found.certified.notAfter)", "roots": "\(found.roots.der.count)"])
    } catch {
      report("\(error)")
    }
  }

  private mutating func report(_ fault: String) {
    guard fault != lastFault else { return }
    lastFault = fault
    core.logger.error(
      "the certificate in the node's folder cannot be used; the old one stays in force",
      metadata: ["error": "\(fault)"])
  }
}
