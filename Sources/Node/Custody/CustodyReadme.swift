/// The file `README.txt` of a custody file.
enum CustodyReadme {
  static let text = """
    证据链档案

    本目录是一件线索在导出节点上的全部记录,不用本系统的程序即可核验。需要:POSIX sh、OpenSSL 3、sha256sum,
    以及从可信渠道取得的本部署根证书(root.pem)。

      tar -xf 档案.tar
      sh verify.sh 根证书.pem custody

    verify.sh 本身应从可信渠道取得:同一版本的所有档案中它都相同,可比较 sha256sum verify.sh。
    每项检查一行,首个不符即停止,退出码 1。手工核验的命令见下文英文部分。

    证明什么:每个事件由证书所载机构的密钥签署,未被改动;事件所引用的前一事件都在,缺者列明;证据文件与登记事件一致;
    全部文件由导出节点签名。
    不证明什么:不证明没有其他记录;不证明印记中的时间(那是签署者自己的时钟);不证明密钥没有被他人使用;
    story.txt 和 story.json 由导出节点推算并签名,其中“受理”“来件”“确认”各项时间只凭该节点的记录。
    举报人联系方式不在其中。

    Custody file

    This folder holds all that the exporting node holds of one lead, and is checked without this
    system's program: with a POSIX shell, OpenSSL 3, sha256sum, and the deployment's root certificate
    (root.pem), which you must have from a hand that you trust.

      tar -xf FILE.tar
      sh verify.sh ROOT.pem custody

    Take verify.sh itself from a hand that you trust: it is the same in all files of one version, so
    compare sha256sum verify.sh. It prints a line for each check; at the first fault it stops with
    exit status 1. By hand, in this folder, with KEY and the number of a commit put in:

      sha256sum -c manifest.txt
      openssl verify -CAfile ROOT.pem -no-CApath -no-CAstore -no_check_time \\
        -untrusted keys/KEY.pem keys/KEY.pem
      openssl x509 -in keys/KEY.pem -noout -pubkey > key.pub
      openssl dgst -sha256 -verify key.pub -signature commits/00001/signature.der \\
        commits/00001/signed.bin
      (printf 'liandong.stamp.1\\n'; cat commits/00001/stamp.bin) | sha256sum
      (printf 'liandong.events.1\\n'; cat commits/00001/hashes.bin) | sha256sum
      # bytes 18 to 49 and 82 to 113 of signed.bin are these two hashes

    What it proves: each event was signed by the key of the office that the certificate names, and is
    unaltered; the earlier events that it names are there, or are listed as missing; evidence files
    are those that their events name; all files are signed by the exporting node.
    What it does not prove: that nothing else exists; that the time in a stamp is right, for it is
    the signer's own clock; that nobody else used a key. story.txt and story.json are derived and
    signed by the exporting node; times at which it accepted, was sent or was acknowledged something
    are its own record. A reporter's contact is not in here.

    """
}
