"""Papers of tracing: orders in official form, reports of an incident, the sheet that goes to the district."""
