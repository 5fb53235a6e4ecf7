"""The ground floor: settings, addresses, months, quantities and refusals. It knows no planning words."""
