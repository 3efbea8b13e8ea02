"""Passwords that anyone guesses first, at the length that is asked for; shorter ones are refused by their length."""

import re

_LISTED = """
123456789012 1234567890123 12345678901234 123456789123 1234567891234 123456123456 123123123123 112233445566
098765432109 987654321098 qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiopas qwertyuiopasdf qwertyuiopasdfghjkl
qwerty123456 qwerty1234567 qwerty12345678 qwertyqwerty qwerty123qwerty 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc
1qaz2wsx3edc4rfv zaq12wsxcde3 q1w2e3r4t5y6 asdfghjkl123 asdfghjklzxc asdfghjkl1234 zxcvbnm12345 zxcvbnm123456
password1234 password12345 password123456 passwordpassword password1password passw0rd1234 p@ssw0rd1234 p@ssword1234
mypassword12 mypassword123 thisismypassword thepassword1 password2024 password2025 password2026 password2027
passwort1234 motdepasse12 motdepasse123 contrasena12 contrasena123 contraseña123 wachtwoord12 wachtwoord123
iloveyou1234 iloveyou12345 iloveyouiloveyou iloveyousomuch iloveyouforever ilovemyfamily ilovemymother
welcome12345 welcome123456 welcomewelcome welcome2mosaic letmein12345 letmeinletmein letmeinplease changeme1234
changemechangeme changemenow123 adminadminadmin administrator administrator1 admin1234567 admin12345678 rootrootroot
abc123456789 abcd12345678 abcdef123456 abcdefghijkl abcdefghijklm abcdefghijklmnop abc123abc123 a1b2c3d4e5f6
sunshine1234 sunshine12345 princess1234 princess12345 football1234 baseball1234 basketball12 basketball123
superman1234 batman123456 spiderman123 pokemon12345 starwars1234 michael12345 jennifer1234 charlie12345
liverpool123 liverpool1234 manchester12 manchesterunited arsenal12345 chelsea12345 barcelona123 realmadrid12
trustno1trustno1 monkey123456 dragon123456 master123456 shadow123456 killer123456 computer1234 internet1234
whatever1234 helloworld12 helloworld123 hellohello12 hellohellohello secretsecret secret123456 topsecret123
summer123456 winter123456 spring123456 autumn123456 summer2025!! winter2025!! hospital1234 hospital12345
surgery12345 surgeon12345 doctor123456 doctordoctor nurse1234567 medicine1234 mentoring123 mentor123456
mosaicmosaic mosaic123456 googlegoogle google123456 facebook1234 facebook12345 linkedin1234 samsung12345
correcthorsebatterystaple opensesame12 opensesame123 blahblahblah nopassword12
"""
COMMON = frozenset(_LISTED.split()) | {"correct horse battery staple", "open sesame open sesame"}
_REPEATED = re.compile(r"(.{1,6}?)\1+.?", re.DOTALL)


def is_common(password: str) -> bool:
    """Whether this password is on the list, or one short piece said again and again."""
    plain = password.casefold()
    return plain in COMMON or plain.rstrip("!?.") in COMMON or _REPEATED.fullmatch(plain) is not None
