#include "fer/report/html.h"

#include "fer/core/error.h"
#include "report/xml_elements.h"
#include "support/catch.h"

namespace {

using namespace fer::report::html;
using fer::test::xml_elements;

TEST_CASE("plain text cannot become markup", "[report][unit]") {
  CHECK(text("a < b & \"c\"").str() == "a &lt; b &amp; &quot;c&quot;");
  CHECK(element("p", "<script>").str() == "<p>&lt;script&gt;</p>");
  CHECK(element("p", {{"title", "\" onload=\"x"}}, "").str() ==
        "<p title=\"&quot; onload=&quot;x\"></p>");
  CHECK(text(std::string("\0\xff", 2)).str() == "\uFFFD\uFFFD");
}

TEST_CASE("a number and its per cent sign stay on one line", "[report][unit]") {
  CHECK(text("from 5 % to 7 %").str() == "from 5\u00A0% to 7\u00A0%");
}

TEST_CASE("elements nest and void ones end themselves", "[report][unit]") {
  const Markup list = element("ul", element("li", "one") + element("li", {{"id", "x"}}, "two"));
  CHECK(list.str() == "<ul><li>one</li><li id=\"x\">two</li></ul>");
  CHECK(void_element("img", {{"alt", "a"}}).str() == "<img alt=\"a\"/>");
  CHECK(Markup().empty());
  CHECK(Markup::trusted("<b/>").str() == "<b/>");
}

TEST_CASE("tables tell screen readers what is what", "[report][unit]") {
  const Markup cell = text("1");
  const auto elements =
      xml_elements(table("Numbers", {{"name", false}, {"count"}}, {{text("a"), cell}}).str());
  REQUIRE(elements.size() == 11);
  CHECK(elements[0].attributes ==
        " class=\"scroll\" role=\"region\" aria-label=\"Table: Numbers\" tabindex=\"0\"");
  CHECK(elements[2].name == "caption");
  CHECK(elements[2].text == "Numbers");
  CHECK(elements[5].attributes == " scope=\"col\"");
  CHECK(elements[6].attributes == " scope=\"col\" class=\"number\"");
  CHECK(elements[9].name == "th");
  CHECK(elements[9].attributes == " scope=\"row\"");
  CHECK(elements[10].name == "td");
  CHECK(elements[10].attributes == " class=\"number\"");
}

TEST_CASE("a table's row that lacks a cell is refused", "[report][unit]") {
  CHECK_THROWS_AS(table("t", {{"a"}, {"b"}}, {{text("1")}}), fer::Error);
}

}  // namespace
