#include "fer/report/page_document.h"

#include <algorithm>
#include <utility>

#include "fer/report/base64.h"
#include "fer/report/page_style.h"
#include "fer/report/sha256.h"

namespace fer::report {

namespace {

using html::element;
using html::Markup;
using html::void_element;

// Allows browsers to use this style sheet and the pictures in the page, and nothing else.
std::string security_policy() {
  const auto hash = sha256(page_style());
  const std::string bytes(hash.begin(), hash.end());
  return "default-src 'none'; style-src 'sha256-" + base64(bytes) +
         "'; img-src data:; base-uri 'none'; form-action 'none'";
}

Markup head(const PageDocument& document) {
  Markup head = void_element("meta", {{"charset", "utf-8"}});
  for (const auto& [name, content] : std::vector<std::pair<std::string, std::string>>{
           {"viewport", "width=device-width, initial-scale=1"},
           {"color-scheme", "light dark"},
           {"referrer", "no-referrer"},
           {"generator", document.generator}}) {
    if (!content.empty()) head += void_element("meta", {{"name", name}, {"content", content}});
  }
  // An empty icon keeps browsers from requesting one from a server.
  return head +
         void_element("meta",
                      {{"http-equiv", "Content-Security-Policy"}, {"content", security_policy()}}) +
         void_element("link", {{"rel", "icon"}, {"href", "data:,"}}) +
         element("title", document.title) + element("style", Markup::trusted(page_style()));
}

Markup contents(const std::vector<PageSection>& sections) {
  Markup items;
  for (const PageSection& section : sections) {
    items += element("li", element("a", {{"href", "#" + section.id}}, section.heading));
  }
  return element("nav", {{"aria-labelledby", "contents"}},
                 element("h2", {{"id", "contents"}}, "On this page") + element("ul", items));
}

Markup body_of(const PageSection& section) {
  const std::string heading_id = section.id + "-heading";
  return element("section", {{"id", section.id}, {"aria-labelledby", heading_id}},
                 element("h2", {{"id", heading_id}}, section.heading) + Markup::trusted("\n") +
                     section.content) +
         Markup::trusted("\n");
}

}  // namespace

std::string page_document(const PageDocument& document) {
  std::vector<PageSection> sections = document.sections;
  std::erase_if(sections, [](const PageSection& section) { return section.content.empty(); });
  Markup main;
  for (const PageSection& section : sections) main += body_of(section);
  const Markup sheet =
      element("header", document.header) + Markup::trusted("\n") +
      element("div", {{"class", "body"}},
              contents(sections) + element("main", {{"id", "main"}, {"tabindex", "-1"}}, main)) +
      element("footer", document.footer);
  const Markup body = element("a", {{"class", "skip"}, {"href", "#main"}}, "Skip to the content") +
                      element("div", {{"class", "sheet"}}, sheet);
  return "<!DOCTYPE html>\n" +
         element("html", {{"lang", "en"}}, element("head", head(document)) + element("body", body))
             .str() +
         "\n";
}

}  // namespace fer::report
