/* Passwords in connection strings, which nobody who reads a message or an output is to see. */
#ifndef PH_BASE_SECRET_H
#define PH_BASE_SECRET_H

/* In place, puts a star where the text has a password: behind "password=" ("sslpassword=" …, "pwd=", blanks and quotes as
 * libpq reads them) and before the @ of a URI. A text without any is left alone. */
void ph_secret_hide(char *text);

#endif
