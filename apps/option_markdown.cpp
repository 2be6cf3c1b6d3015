#include "option_markdown.h"

#include <algorithm>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer {

namespace {

std::string key_of(const OptionGroup& group) {
  std::string key = to_lower(group.name);
  std::replace(key.begin(), key.end(), ' ', '-');
  return key;
}

// Text in a cell of a table.
std::string escaped(const std::string& text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '<') cell += '\\';
    cell += c;
  }
  return cell;
}

std::string flags_of(const OptionEntry& entry) {
  // Choices are in the last column, because a '|' would end the cell.
  const std::string value = entry.shows_choices() ? "" : entry.placeholder();
  std::string cell = "`" + entry.flags() + (value.empty() ? "" : " " + value) + "`";
  const std::size_t comma = cell.find(", ");
  if (comma != std::string::npos) cell.replace(comma, 2, "`, `");
  return cell;
}

std::string values_of(const OptionEntry& entry) {
  const std::string remark = entry.remark();
  if (!entry.shows_choices()) return escaped(remark);
  return join(entry.field.choices, ", ") + (remark.empty() ? "" : "; " + escaped(remark));
}

std::string table(const OptionGroup& group) {
  std::string text = "| option | what it does | values |\n| --- | --- | --- |\n";
  for (const OptionEntry& entry : group.options) {
    text += "| " + flags_of(entry) + " | " + escaped(entry.field.help) + " | " + values_of(entry) +
            " |\n";
  }
  return text;
}

}  // namespace

std::string options_as_markdown(const std::vector<OptionGroup>& groups,
                                const std::vector<std::string>& chosen) {
  std::string text;
  for (const std::string& key : chosen) {
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [&](const OptionGroup& group) { return key_of(group) == key; });
    if (found == groups.end()) {
      std::vector<std::string> known;
      for (const OptionGroup& group : groups) known.push_back(key_of(group));
      throw Error("there is no group " + quote(key) + "; known: " + join(known, ", "));
    }
    if (chosen.size() > 1) text += (text.empty() ? "### " : "\n### ") + found->name + "\n\n";
    text += table(*found);
  }
  return text;
}

}  // namespace fer
