"""What is cut out of a third party's stylesheet."""

from safeguarding.embedded import stylesheets

RESTRICTED = '@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2) format("woff2")}'


def nothing_found(name: str) -> None:
    return None


def test_the_restricted_typeface_is_neither_loaded_nor_named() -> None:
    css = RESTRICTED + "p{font-family:GDS Transport,arial,sans-serif}"
    assert stylesheets.without_restricted_fonts(css) == 'p{font-family:"Inter Variable",arial,sans-serif}'


def test_a_quoted_name_of_the_typeface_is_replaced_with_its_quotes() -> None:
    assert stylesheets.without_restricted_fonts('p{font-family:"GDS Transport"}') == 'p{font-family:"Inter Variable"}'


def test_another_typeface_stays() -> None:
    css = '@font-face{font-family:"Inter Variable";src:url(inter.woff2)}'
    assert stylesheets.without_restricted_fonts(css) == css


def test_a_file_that_is_shipped_is_pointed_at() -> None:
    css = 'a{background:url("/assets/images/icon.svg?v=1#x")}'
    assert stylesheets.with_urls(css, lambda name: f"images/{name}") == "a{background:url(images/icon.svg)}"


def test_a_file_that_is_not_shipped_becomes_none() -> None:
    css = "a{mask-image:url(/assets/images/govuk-crest.svg);color:red}"
    assert stylesheets.with_urls(css, nothing_found) == "a{mask-image:none;color:red}"


def test_a_picture_inside_the_stylesheet_stays() -> None:
    css = "a{background:url(data:image/svg+xml;base64,AAAA)}b{fill:url(#gradient)}"
    assert stylesheets.with_urls(css, nothing_found) == css


def test_source_maps_are_not_mentioned() -> None:
    assert stylesheets.without_source_map("a{}\n/*# sourceMappingURL=a.css.map */") == "a{}\n"
    assert stylesheets.without_source_map("run();//# sourceMappingURL=a.js.map\n") == "run();\n"


def test_file_names_are_listed_once_in_order() -> None:
    css = "a{src:url(./files/b.woff2)}b{src:url('files/a.woff2')}c{src:url(./files/b.woff2)}d{src:url(data:x)}"
    assert stylesheets.file_names(css) == ["b.woff2", "a.woff2"]
