import Identity

extension CommandFailure {
  /// Keys, certificates and their files.
  @Sendable static func identity(_ error: any Error) -> CommandFailure? {
    if let refusal = error as? CertificateRefusal {
      let code = refusal.reason.description.replacing(" ", with: "_")
      return CommandFailure(
        .configuration, code: code, .certificateRefused(refusal.message))
    }
    guard let error = error as? IdentityError else { return nil }
    let code = error.code.description.replacing(" ", with: "_")
    return CommandFailure(status(of: error.code), code: code, text(of: error))
  }

  private static func status(of code: IdentityError.Code) -> ExitStatus {
    switch code {
    case .alreadyExists, .requestRefused: .refused
    case .inputOutput: .disk
    default: .configuration
    }
  }

  private static func text(of error: IdentityError) -> Text {
    let text = "\(error)"
    return switch error.code {
    case .alreadyExists: .alreadyExists(text)
    case .notFound: .notFound(text)
    case .inputOutput: .inputOutput(text)
    case .exposedKey: .exposed(text)
    case .malformed: .malformedCertificate(text)
    case .mismatch: .mismatch(text)
    case .requestRefused: .requestRefused(text)
    case .implausibleClock: .implausibleClock(text)
    case .authorityExpired: .authorityExpired(text)
    default: .identity(text)
    }
  }
}
