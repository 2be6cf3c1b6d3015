#include "fer/core/option_error.h"

namespace fer {

namespace {

std::string subject_of(std::string_view named, std::string_view value, std::string_view origin) {
  std::string text(named);
  if (!value.empty()) text.append(" ").append(value);
  if (!origin.empty()) text.append(" in ").append(origin);
  return text;
}

}  // namespace

std::string option(std::string_view field) { return "\"" + std::string(field) + "\""; }

OptionError::OptionError(std::string_view field, std::string_view reason)
    : OptionError(field, "", reason) {}

OptionError::OptionError(std::string_view field, std::string_view value, std::string_view reason)
    : Error(subject_of(option(field), value, "") + ": " + std::string(reason)),
      field_(field),
      value_(value),
      reason_(reason) {}

OptionError::OptionError(const OptionError& error, std::string_view origin)
    : Error(error.subject(option(error.field_), origin) + ": " + error.reason_),
      field_(error.field_),
      value_(error.value_),
      reason_(error.reason_),
      origin_(origin) {}

OptionError OptionError::from(std::string_view origin) const { return {*this, origin}; }

std::string OptionError::subject(std::string_view named, std::string_view origin) const {
  return subject_of(named, value_, origin);
}

}  // namespace fer
