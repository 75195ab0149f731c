/// Why a city's folders cannot be made as asked.
package struct ProvisionError: Error, Sendable, CustomStringConvertible {
  /// What kind of error it is; more kinds may be added.
  package struct Code: Hashable, Sendable {
    /// A stable word for logs and JSON.
    package let rawValue: String

    /// An address, host or port cannot be used.
    package static let badAddress = Code(rawValue: "bad_address")
    /// Node folders stand there already, and it was not asked to complete them.
    package static let alreadyProvisioned = Code(rawValue: "already_provisioned")
    /// The CA is another deployment's than the topology.
    package static let wrongDeployment = Code(rawValue: "wrong_deployment")
    /// A folder holds another node, or a certificate without its key.
    package static let foreignFolder = Code(rawValue: "foreign_folder")
    /// The hub's ledger is the source of the tree now, and it is not here or not to be written here.
    package static let hubInService = Code(rawValue: "hub_in_service")
  }

  package let code: Code
  /// What is wrong, where, and what to do.
  package let message: String
  package let cause: (any Error)?

  package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  package var description: String { cause.map { "\(message) (\($0))" } ?? message }
}
