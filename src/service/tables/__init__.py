"""Tables and papers that people exchange with the service: CSV and XLSX in and out, PDF out."""
