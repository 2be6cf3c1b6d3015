#include "fer/core/option_table.h"

#include <algorithm>

#include "fer/core/option_spelling.h"
#include "fer/core/text.h"

namespace fer {

namespace {

constexpr std::size_t kLongestChoices = 40;
// An upper bound from here on only keeps numbers exact, so help does not show it.
constexpr double kAsGoodAsNone = 1e15;

class TableBuilder final : public OptionVisitor {
 public:
  explicit TableBuilder(OptionSpelling spelling) : spelling_(std::move(spelling)) {}

  void group(std::string_view name) override {
    const auto is_it = [&](const OptionGroup& known) { return known.name == name; };
    const auto found = std::find_if(groups.begin(), groups.end(), is_it);
    current_ = static_cast<std::size_t>(found - groups.begin());
    if (found == groups.end()) groups.push_back({std::string(name), {}});
  }

  void field(const Field& f, bool& value) override {
    add(f, OptionKind::truth, value ? "on" : "off");
  }
  void field(const Field& f, std::int64_t& value) override {
    add(f, OptionKind::whole_number, readable_number(static_cast<double>(value)));
  }
  void field(const Field& f, double& value) override {
    add(f, OptionKind::number, readable_number(value));
  }
  void field(const Field& f, std::string& value) override { add(f, OptionKind::text, value); }
  void field(const Field& f, std::vector<std::string>& value) override {
    add(f, OptionKind::list, join(value, " "));
  }

  std::vector<OptionGroup> groups;

 private:
  void add(const Field& f, OptionKind kind, const std::string& usual) {
    if (groups.empty()) group("Options");
    groups[current_].options.push_back({f, kind, usual});
    std::string& help = groups[current_].options.back().field.help;
    help = spelling_.spelled(help);
  }

  OptionSpelling spelling_;
  std::size_t current_ = 0;
};

std::string range_text(const Field& field) {
  if (field.max < kAsGoodAsNone) return allowed_values(field);
  Field open = field;
  open.max = std::numeric_limits<double>::infinity();
  return allowed_values(open);
}

}  // namespace

bool OptionEntry::shows_choices() const {
  return !field.choices.empty() && join(field.choices, "|").size() <= kLongestChoices;
}

bool OptionEntry::is_switch() const {
  const auto knows = [&](const char* word) {
    return std::find(field.choices.begin(), field.choices.end(), word) != field.choices.end();
  };
  return kind == OptionKind::truth || (knows("on") && knows("off"));
}

std::string OptionEntry::flags() const {
  const bool off = kind == OptionKind::truth && usual == "off";
  if (field.positional) {
    const std::string shown = field.placeholder + (kind == OptionKind::list ? "..." : "");
    return field.omittable ? "[" + shown + "]" : shown;
  }
  return flag_of(field.name) + (is_switch() && !off ? ", " + flag_of("no_" + field.name) : "");
}

std::string OptionEntry::placeholder() const {
  if (kind == OptionKind::truth || field.positional) return "";
  if (shows_choices()) return join(field.choices, "|");
  if (!field.placeholder.empty()) return field.placeholder;
  if (kind == OptionKind::whole_number) return "N";
  return kind == OptionKind::number ? "X" : field.choices.empty() ? "TEXT" : "CHOICE";
}

std::string OptionEntry::remark() const {
  std::vector<std::string> parts;
  if (!field.requirement.option.empty()) {
    const OptionSpelling spelling({field.requirement.option});
    parts.push_back("only with " + spelling.spelled(field.requirement.text()));
  }
  if (kind == OptionKind::list && !field.positional) parts.emplace_back("may repeat");
  const bool usually_off = kind == OptionKind::truth && usual == "off";
  if (!usual.empty() && !usually_off && field.default_shown) parts.push_back("default " + usual);
  const std::string allowed = range_text(field);
  if (!field.choices.empty()) {
    if (!shows_choices()) parts.push_back("one of " + allowed);
  } else if (!allowed.empty()) {
    parts.push_back(allowed);
  }
  const std::string former =
      field.former_name.empty() ? "" : "its name was once " + flag_of(field.former_name);
  if (!parts.empty() && !former.empty()) return join(parts, ", ") + "; " + former;
  return join(parts, ", ") + former;
}

std::vector<OptionGroup> option_groups(const VisitOptions& options) {
  TableBuilder builder{OptionSpelling(option_names(options))};
  options(builder);
  return builder.groups;
}

}  // namespace fer
