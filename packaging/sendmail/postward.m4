dnl # /etc/mail/sendmail.mc, before the MAILER lines; then make sendmail.cf anew and restart Sendmail.
dnl # Several filters are asked in the order of their lines: Postward first.
dnl # Mail of our own users: on the submission port write M=Ea and Name=ORIGINATING in DAEMON_OPTIONS.
INPUT_MAIL_FILTER(`postward', `S=local:/run/postward/milter.sock, F=T, T=C:10s;S:30s;R:30s;E:60s')dnl
define(`confMILTER_MACROS_CONNECT', `j, _, v, {daemon_name}, {if_name}, {if_addr}, {client_addr}, {client_name}, {client_ptr}, {client_port}')dnl
define(`confMILTER_MACROS_HELO', `{tls_version}, {cipher}, {cipher_bits}')dnl
define(`confMILTER_MACROS_ENVFROM', `i, {auth_type}, {auth_authen}, {mail_addr}, {mail_host}, {mail_mailer}')dnl
define(`confMILTER_MACROS_ENVRCPT', `{rcpt_addr}, {rcpt_host}, {rcpt_mailer}')dnl
define(`confMILTER_MACROS_EOM', `i')dnl
