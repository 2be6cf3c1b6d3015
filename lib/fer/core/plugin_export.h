// For a plug-in's tables.cpp: its exported symbols. Everything else in a plug-in is hidden.
#pragma once

#include "fer/core/version.h"

#define FER_PLUGIN_EXPORT extern "C" __attribute__((visibility("default")))

// Each plug-in uses it once: it exports the version, which core/plugin.cpp compares with its own.
#define FER_PLUGIN_VERSION                           \
  FER_PLUGIN_EXPORT const char fer_plugin_version[]; \
  const char fer_plugin_version[] = FER_VERSION_STRING;
