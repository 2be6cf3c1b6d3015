#include "fer/serve/parameters.h"

#include <vector>

#include "fer/core/label_set.h"
#include "fer/core/number.h"
#include "fer/core/text.h"
#include "fer/serve/problem.h"

namespace fer::serve {

namespace {

// The allowed values, if the given one is not allowed; otherwise empty.
using Complaint = std::string;

template <class T>
bool read_number(const std::string& text, T low, T high, T& value) {
  const auto read = to_number<T>(text);
  if (!read || !(*read >= low && *read <= high)) return false;
  value = *read;
  return true;
}

Complaint read_flag(const std::string& text, bool& value) {
  const bool yes = text == "true" || text == "1" || text.empty();
  if (!yes && text != "false" && text != "0") return "true, false";
  value = yes;
  return "";
}

Complaint read_tta(const std::string& text, infer::Tta& value) {
  const auto names = infer::choice_names(value);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) {
      value = static_cast<infer::Tta>(i);
      return "";
    }
  }
  return join({names.begin(), names.end()}, ", ");
}

Complaint read_top(const std::string& text, std::size_t& value) {
  if (read_number<std::size_t>(text, 1, LabelSet::kMaxClasses, value)) return "";
  return "1 to " + std::to_string(LabelSet::kMaxClasses);
}

Complaint read_share(const std::string& text, double& value) {
  return read_number(text, 0.0, 1.0, value) ? "" : "0 to 1";
}

// A new parameter is a field of the struct and a line here.
struct ParameterRow {
  std::string_view name;
  Complaint (*read)(const std::string&, PredictParameters&);
};
constexpr ParameterRow kRows[] = {
    {"model",
     [](const std::string& text, PredictParameters& to) -> Complaint {
       to.model = text;
       return "";
     }},
    {"detector",
     [](const std::string& text, PredictParameters& to) -> Complaint {
       to.detector = text;
       return "";
     }},
    {"tta", [](const std::string& text, PredictParameters& to) { return read_tta(text, to.tta); }},
    {"top", [](const std::string& text, PredictParameters& to) { return read_top(text, to.top); }},
    {"min_confidence", [](const std::string& text,
                          PredictParameters& to) { return read_share(text, to.min_confidence); }},
    {"explain",
     [](const std::string& text, PredictParameters& to) { return read_flag(text, to.explain); }},
    {"annotate",
     [](const std::string& text, PredictParameters& to) { return read_flag(text, to.annotate); }},
};

const ParameterRow& row_of(const std::string& name, std::string_view where) {
  std::vector<std::string> names;
  for (const ParameterRow& row : kRows) {
    if (row.name == name) return row;
    names.emplace_back(row.name);
  }
  const auto near = nearest(name, names);
  throw Problem(400, "there is no " + std::string(where) + " " + quote(name) +
                         (near ? "; did you mean " + *near + "?" : ""))
      .in(std::string(where))
      .allowed(join(names, ", "));
}

}  // namespace

void read_parameters(const Fields& fields, std::string_view where, PredictParameters& parameters) {
  for (const auto& [name, value] : fields) {
    const Complaint allowed = row_of(name, where).read(value, parameters);
    if (allowed.empty()) continue;
    throw Problem(400, name + ": " + quote(value) + " is not allowed")
        .in(std::string(where) + " " + name)
        .allowed(allowed);
  }
}

}  // namespace fer::serve
